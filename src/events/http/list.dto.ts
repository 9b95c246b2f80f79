import { IsOneOf, IsTime, Optional, PageQuery } from '../../platform/index.js';
import type { EventStatus } from '../event.entity.js';

export class ListQuery extends PageQuery {
  @Optional()
  @IsOneOf(['DRAFT', 'PUBLISHED', 'CANCELLED'])
  status?: EventStatus;

  /** Not before this. */
  @Optional()
  @IsTime()
  startsFrom?: string;

  /** Before this. */
  @Optional()
  @IsTime()
  startsTo?: string;
}
