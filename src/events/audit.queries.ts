import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/common/index.js';
import { BulkReader, CoalescedReads } from '../platform/database/index.js';
import { auditOf } from './audit.js';
import { factsOf, type FactsRow, toFacts } from './audit-facts.js';
import type { AuditResponse } from './dto/audit.dto.js';

/** Counts an event's rows. That takes long for a large event, so requests meanwhile share the result. */
@Injectable()
export class AuditQueries {
  private readonly shared: CoalescedReads<AuditResponse | undefined>;

  constructor(reads: BulkReader, clock: Clock) {
    this.shared = new CoalescedReads(async (eventId) => {
      const { sql, parameters } = factsOf(eventId);
      const rows = await reads.query<FactsRow>(sql, parameters);
      const [first] = rows;
      if (first === undefined) return undefined;
      return auditOf(eventId, rows.map(toFacts), clock.now(first.readAt));
    });
  }

  /** @returns undefined if the event does not exist */
  findAudit(eventId: string): Promise<AuditResponse | undefined> {
    return this.shared.get(eventId);
  }
}
