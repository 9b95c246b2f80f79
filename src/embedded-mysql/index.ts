export { EmbeddedServerError } from './embedded-server.error.js';
export { joinDatabase, openDatabase, type OpenDatabase, SchemaError } from './open-database.js';
