export { OpenApiController } from './openapi.controller.js';
export { OpenApi } from './openapi.service.js';
