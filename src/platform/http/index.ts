export { addLimitHeaders } from './address-limit.js';
export { admitCommands } from './admit-commands.js';
export {
  ADMIN_CALLER,
  type Caller,
  CallerParam,
  requestOf,
  UNRESTRICTED_CALLER,
} from './caller.js';
export { Expensive } from './expensive.interceptor.js';
export { ExpensiveReads } from './expensive-reads.js';
export { configureHttp } from './hooks.js';
export { HttpAdapter } from './http-adapter.js';
export { foreignCursor, keysOf, limitOf, Page, pageOf, PageQuery, pageSchema } from './page.js';
export { ProblemDetailsFilter } from './problem-details.filter.js';
export { ReqContext, type RequestContext } from './request-context.js';
export { RequestTimes } from './request-times.js';
export {
  type Access,
  ACCESS,
  NeedsKey,
  Public,
  Unlimited,
  UNLIMITED,
  WaitsUnread,
} from './route-decorators.js';
export { numberedInSection } from './section-cursor.js';
export { PAGE_SECURITY_POLICY } from './security-headers.js';
export { createHttpAdapter } from './server.js';
export { IdParam, invalidField, ValidBody, ValidQuery } from './validation.js';
