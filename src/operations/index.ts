export { OpenApi } from './openapi/openapi.service.js';
export { OperationsModule } from './operations.module.js';
export { Readiness } from './readiness.js';
