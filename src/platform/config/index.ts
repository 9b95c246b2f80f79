export {
  type Config,
  CONFIG,
  type DatabaseConfig,
  loadConfig,
  loadDatabaseConfig,
} from './config.js';
export { describeDatabase, parseDatabaseHosts } from './database-hosts.js';
export { type DatabaseAddress, describeHost, parseDatabaseUrl } from './database-url.js';
export { listSettings } from './settings-table.js';
