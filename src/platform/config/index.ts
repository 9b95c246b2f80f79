export {
  type Config,
  ConfigError,
  type DatabaseConfig,
  loadConfig,
  loadDatabaseConfig,
} from './config.js';
export { CONFIG } from './config.token.js';
export { describeAddress, parseDatabaseUrl } from './database-url.js';
export { listSettings } from './settings-table.js';
