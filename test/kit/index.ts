/** The test kit, for use in this repository and outside: docs/testing.md. */
export * from './public.js';
export { useApp } from './app.js';
export { type TestDatabase, useDatabase } from './database.js';
export { allowInLog } from './log-watch.js';
export { type OutboxMessage, readOutbox } from './outbox.js';
export { ServiceProcess } from './service.js';
