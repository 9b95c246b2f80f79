export { addLimitHeaders } from './address-limit.js';
export { type Caller, CallerParam, ANONYMOUS_CALLER, type Scope, SCOPES } from './caller.js';
export {
  foreignCursor,
  keysOf,
  limitOf,
  linkingNext,
  type Page,
  pageOf,
  PageQuery,
} from './page.js';
export { configureHttp } from './hooks.js';
export { ProblemDetailsFilter } from './problem-details.filter.js';
export { answerWith, ReqContext, type RequestContext } from './request-context.js';
export { RequestTimes } from './request-times.js';
export { type Access, ACCESS, NeedsKey, Public, Unlimited, UNLIMITED } from './route-decorators.js';
export { numberedInSection } from './section-cursor.js';
export { PAGE_SECURITY_POLICY } from './security-headers.js';
export { createHttpAdapter } from './server.js';
export { IdParam, invalidRequest, ValidBody, ValidQuery } from './validation.js';
