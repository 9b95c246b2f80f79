export { EmbeddedServerError } from './embedded-server.error.js';
export { joinDatabase, openDatabase, type OpenDatabase } from './open-database.js';
