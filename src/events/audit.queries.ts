import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/common/index.js';
import { BulkReader, CoalescedReads, READ_AT } from '../platform/database/index.js';
import { auditOf, type SectionFacts } from './audit.js';
import type { AuditResponse } from './dto/audit.dto.js';

/** One statement, so that counters and rows are of one moment, even under load. */
const FACTS = `
  SELECT ${READ_AT}, section.id, section.name, section.capacity, section.booked, section.held,
         section.available, section.bookings, section.waiting, section.is_seated AS isSeated,
         (SELECT COUNT(*) FROM bookings booking
           WHERE booking.section_id = section.id AND booking.status = 'CONFIRMED') AS confirmed,
         (SELECT CAST(COALESCE(SUM(booking.quantity), 0) AS SIGNED) FROM bookings booking
           WHERE booking.section_id = section.id AND booking.status = 'CONFIRMED')
           AS placesOfBookings,
         (SELECT COUNT(*) FROM bookings booking
            JOIN tickets ticket ON ticket.booking_id = booking.id AND ticket.status = 'BOOKED'
           WHERE booking.section_id = section.id) AS tickets,
         (SELECT CAST(COALESCE(SUM(hold.quantity), 0) AS SIGNED) FROM holds hold
           WHERE hold.section_id = section.id AND hold.status = 'HELD') AS placesOfHolds,
         (SELECT COUNT(*) FROM waitlist_entries entry
           WHERE entry.section_id = section.id AND entry.status = 'WAITING') AS entries,
         ${seats('')} AS seats,
         ${seats("AND seat.status = 'AVAILABLE'")} AS seatsFree,
         ${seats("AND seat.status = 'HELD'")} AS seatsHeld,
         ${seats(`AND seat.status = 'BOOKED' AND EXISTS
             (SELECT 1 FROM booked_seats sold WHERE sold.id = seat.id)`)} AS seatsBooked
    FROM sections section WHERE section.event_id = ? ORDER BY section.id`;

function seats(condition: string): string {
  return `(SELECT COUNT(*) FROM seats seat WHERE seat.section_id = section.id ${condition})`;
}

/** Counts and sums arrive as strings. */
type FactsRow = { readonly [Name in keyof SectionFacts]: SectionFacts[Name] | string } & {
  readonly readAt: Date;
};

/** Counts an event's rows. That takes long for a large event, so requests meanwhile share the result. */
@Injectable()
export class AuditQueries {
  private readonly shared: CoalescedReads<AuditResponse | undefined>;

  constructor(reads: BulkReader, clock: Clock) {
    this.shared = new CoalescedReads(async (eventId) => {
      const rows = await reads.query<FactsRow>(FACTS, [eventId]);
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

function toFacts({ id, name, readAt: _, ...numbers }: FactsRow): SectionFacts {
  const counted = Object.entries(numbers).map(([key, value]) => [key, Number(value)]);
  return { id, name, ...(Object.fromEntries(counted) as Omit<SectionFacts, 'id' | 'name'>) };
}
