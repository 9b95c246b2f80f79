import { DomainError } from '../platform/errors/index.js';
import { Controller, Get } from '@nestjs/common';
import { SectionDirectory } from '../allocation/index.js';
import { ApiResult, ApiRefusals } from '../platform/schema/index.js';
import { type Caller, CallerParam, Expensive, IdParam, NeedsKey } from '../platform/http/index.js';

import { AuditQueries } from './audit.queries.js';
import { AuditResponse } from './dto/audit.dto.js';

@Controller('v1/events')
export class AuditController {
  constructor(
    private readonly queries: AuditQueries,
    private readonly directory: SectionDirectory,
  ) {}

  @Get(':id/audit')
  @NeedsKey('bookings:read')
  @Expensive()
  @ApiResult(AuditResponse, {
    id: 'auditEvent',
    summary: 'Compare the counters of an event with its rows',
  })
  @ApiRefusals('event_not_found')
  async audit(
    @IdParam('id', 'event_not_found') id: string,
    @CallerParam() caller: Caller,
  ): Promise<AuditResponse> {
    const { organiserId } = await this.directory.actingFor(caller, id);
    const sections = await this.directory.sectionsOf({ organiserId, eventId: id });
    const audit = sections.length === 0 ? undefined : await this.queries.findAudit(id);
    if (audit === undefined) throw new DomainError('event_not_found');
    return audit;
  }
}
