import { Injectable } from '@nestjs/common';
import { DatabaseReader } from '../platform/database/index.js';

/** Events with a section whose capacity is still to be raised: rarely any. */
export const EVENTS_TO_RAISE =
  'SELECT DISTINCT event_id AS id FROM sections WHERE capacity_wanted > 0 LIMIT 100';

/** Events whose change has been committed but not carried out in full. */
@Injectable()
export class UnfinishedEventsQueries {
  constructor(private readonly reads: DatabaseReader) {}

  /** Cancelled events that still have bookings, holds or waitlist entries to end. */
  findEnding(): Promise<string[]> {
    return this.idsOf('SELECT id FROM events WHERE is_ending = 1 LIMIT 100');
  }

  findRaising(): Promise<string[]> {
    return this.idsOf(EVENTS_TO_RAISE);
  }

  private async idsOf(sql: string): Promise<string[]> {
    const rows = await this.reads.query<{ readonly id: string }>(sql, []);
    return rows.map(({ id }) => id);
  }
}
