/**
 * What is of use outside this repository, as the package @rowlock/test-kit (npm run kit). Nothing here
 * may import the service: it is spoken to over HTTP, and its database is read.
 */
export { type Answer, type AnyBody, Api } from './api.js';
export { connectTo } from './connect.js';
export { assertInvariants, InvariantError, type InvariantReport } from './invariants.js';
export { type HousePlan, openSeated, type SeatedHouse } from './seated.js';
export { countsOf, type Round, Scoreboard, tally } from './scoreboard.js';
