import { Controller, Get } from '@nestjs/common';
import { SectionDirectory } from '../allocation/index.js';
import { DomainError } from '../platform/errors/index.js';
import {
  type Caller,
  CallerParam,
  Expensive,
  IdParam,
  NeedsKey,
  type Page,
  PageQuery,
  ValidQuery,
} from '../platform/http/index.js';
import { ApiRefusals, ApiResult } from '../platform/schema/index.js';
import { type ChangeResponse, HistoryPage } from './dto/history.dto.js';
import { HistoryQueries } from './history.queries.js';

@Controller('v1/events')
export class HistoryController {
  constructor(
    private readonly queries: HistoryQueries,
    private readonly directory: SectionDirectory,
  ) {}

  @Get(':id/history')
  @NeedsKey('bookings:read')
  @Expensive()
  @ApiResult(HistoryPage, {
    id: 'listChanges',
    summary: 'The changes of an event, newest first',
    description: 'Shows when each change was made, by which API key and in which request.',
  })
  @ApiRefusals('event_not_found')
  async history(
    @IdParam('id', 'event_not_found') eventId: string,
    @ValidQuery() query: PageQuery,
    @CallerParam() { organiserId }: Caller,
  ): Promise<Page<ChangeResponse>> {
    const sections = await this.directory.sectionsOf({ organiserId, eventId });
    if (sections.length === 0) throw new DomainError('event_not_found');
    return this.queries.page(eventId, query);
  }
}
