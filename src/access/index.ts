export { AccessModule } from './access.module.js';
export { ApiKeyEntity } from './api-key.entity.js';
export { OrganiserEntity } from './organiser.entity.js';
