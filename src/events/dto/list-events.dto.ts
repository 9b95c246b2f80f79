import { IsOneOf, IsZonedTimeInQuery, Describe, Optional } from '../../platform/schema/index.js';
import { PageQuery } from '../../platform/http/index.js';
import type { EventStatus } from '../event.entity.js';

export class ListQuery extends PageQuery {
  @Optional() @IsOneOf(['DRAFT', 'PUBLISHED', 'CANCELLED']) status?: EventStatus;

  @Describe('Events that start at this time or later, sorted by start.')
  @Optional()
  @IsZonedTimeInQuery()
  startsFrom?: string;

  @Describe('Events that start before this time, sorted by start.')
  @Optional()
  @IsZonedTimeInQuery()
  startsTo?: string;
}
