import { IsOneOf, IsTime, Means, Optional, PageQuery } from '../../platform/index.js';
import type { EventStatus } from '../event.entity.js';

export class ListQuery extends PageQuery {
  @Optional()
  @IsOneOf(['DRAFT', 'PUBLISHED', 'CANCELLED'])
  status?: EventStatus;

  @Means('Not before this; then earliest first.')
  @Optional()
  @IsTime()
  startsFrom?: string;

  @Means('Before this; then earliest first.')
  @Optional()
  @IsTime()
  startsTo?: string;
}
