export { EmbeddedServerError } from './embedded-server.error.js';
export { joinDatabase, joinUnmigrated, openDatabase, type OpenDatabase } from './open-database.js';
