export { Clock } from './clock.js';
export { groupBy } from './group-by.js';
export { type Scope, SCOPES } from './scopes.js';
export { UsageError } from './usage-error.js';
export { isUuid, uuidV7 } from './uuid-v7.js';
export { versionOf } from './version.js';
export { withTimeout } from './with-timeout.js';
