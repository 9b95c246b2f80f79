/**
 * The package @rowlock/test-kit (npm run kit), for use outside this repository. Nothing here may import the
 * service: the kit speaks HTTP to it and reads its database.
 */
export { type Answer, type AnyBody, Api } from './api.js';
export { connectTo } from './connect.js';
export { assertInvariants, InvariantError, type InvariantReport } from './invariants.js';
export { type HousePlan, openSeated, type SeatedHouse } from './seated.js';
export { countsOf, type Round, Scoreboard, tally } from './scoreboard.js';
