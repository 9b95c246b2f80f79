import { Controller, Get } from '@nestjs/common';
import { eventNotFound } from '../../bookings/index.js';
import { IdParam } from '../../platform/index.js';
import type { AuditResponse } from '../audit.js';
import { AuditQueries } from '../audit.queries.js';

/** Whether what is kept is true: everything of an event counted again from its rows. */
@Controller('v1/events')
export class AuditController {
  constructor(private readonly queries: AuditQueries) {}

  @Get(':id/audit')
  async audit(@IdParam('id', eventNotFound) id: string): Promise<AuditResponse> {
    const audit = await this.queries.findAudit(id);
    if (audit === undefined) throw eventNotFound();
    return audit;
  }
}
