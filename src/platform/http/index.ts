export { type Access, ACCESS, NeedsKey, Public } from './access.js';
export { tellSecondLimit } from './address-limit.js';
export { type Caller, CallerParam, ANONYMOUS_CALLER, type Scope, SCOPES } from './caller.js';
export {
  foreignCursor,
  keysOf,
  limitOf,
  linkingNext,
  type Page,
  pageOf,
  PageQuery,
  pageSchema,
} from './page.js';
export { ProblemDetailsFilter } from './problem-details.filter.js';
export { answerWith, ReqContext, type RequestContext } from './request-context.js';
export { RequestTimes } from './request-times.js';
export { numberedInSection } from './section-cursor.js';
export { PAGE_SECURITY_POLICY } from './security-headers.js';
export { configureHttp, createHttpAdapter } from './server.js';
export { Unlimited } from './unlimited.js';
export { IdParam, invalidRequest, ValidBody, ValidQuery } from './validation.js';
