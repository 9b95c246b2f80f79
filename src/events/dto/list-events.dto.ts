import { IsOneOf, IsTime, Describe, Optional } from '../../platform/schema/index.js';
import { PageQuery } from '../../platform/http/index.js';
import type { EventStatus } from '../event.entity.js';

export class ListQuery extends PageQuery {
  @Optional()
  @IsOneOf(['DRAFT', 'PUBLISHED', 'CANCELLED'])
  status?: EventStatus;

  @Describe('Not before this; then earliest first.')
  @Optional()
  @IsTime()
  startsFrom?: string;

  @Describe('Before this; then earliest first.')
  @Optional()
  @IsTime()
  startsTo?: string;
}
