/** What QA needs to test against Rowlock: docs/testing.md. */
export { type Answer, Api } from './api.js';
export { useApp } from './app.js';
export { connectTo } from './connect.js';
export { type TestDatabase, useDatabase } from './database.js';
export { assertInvariants, InvariantError, type InvariantReport } from './invariants.js';
export { openSeated, type SeatedHouse } from './seated.js';
export { countsOf, type Round, Scoreboard, tally } from './scoreboard.js';
export { ServiceProcess } from './service.js';
