export {
  type Config,
  CONFIG,
  type DatabaseConfig,
  loadConfig,
  loadDatabaseConfig,
} from './config.js';
export { describeAddress, parseDatabaseUrl } from './database-url.js';
export { listSettings } from './settings-table.js';
