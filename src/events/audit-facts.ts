import { SEQS_PER_BLOCK } from '../allocation/index.js';
import { READ_AT, type Statement } from '../platform/database/index.js';
import type { SectionFacts } from './audit.js';

/**
 * The waitlists, by section: how many entries wait, in how many blocks of seqs, and how many of these blocks are
 * counted right. Reads each entry once, by index.
 */
const LINES = `
  SELECT block.section_id, SUM(block.entries) AS entries, MAX(block.highest) AS highestSeq,
         SUM(block.entries <> 0 OR block.counted <> 0) AS blocks,
         SUM(block.entries <> 0 AND block.entries = block.counted) AS blocksRight
    FROM (SELECT part.section_id, part.block, SUM(part.entries) AS entries,
                 SUM(part.counted) AS counted, MAX(part.highest) AS highest
            FROM (SELECT own.id AS section_id, entry.seq DIV ${SEQS_PER_BLOCK} AS block,
                         SUM(entry.status = 'WAITING') AS entries, 0 AS counted,
                         MAX(entry.seq) AS highest
                    FROM sections own
                    STRAIGHT_JOIN waitlist_entries entry FORCE INDEX (uq_waitlist_line)
                      ON entry.section_id = own.id
                   WHERE own.event_id = ? GROUP BY own.id, entry.seq DIV ${SEQS_PER_BLOCK}
                   UNION ALL
                  SELECT own.id, count.block, 0, count.waiting, 0
                    FROM sections own
                    STRAIGHT_JOIN waitlist_counts count ON count.section_id = own.id
                   WHERE own.event_id = ?) part
           GROUP BY part.section_id, part.block) block
   GROUP BY block.section_id`;

/** Counts of a waitlist that are incomplete are not used, so they cannot be wrong. */
const FACTS = `
  SELECT ${READ_AT}, section.id, section.name, section.capacity, section.booked, section.held,
         section.available, section.bookings, section.waiting, section.last_seq AS lastSeq,
         section.version, section.is_seated AS isSeated,
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
         ${holds('')} AS holds,
         ${holds('AND hold.expires_at >= section.holds_expire_at')} AS holdsExpected,
         COALESCE(line.highestSeq, 0) AS highestSeq,
         COALESCE(line.entries, 0) AS entries,
         COALESCE(line.blocks, 0) AS blocks,
         COALESCE(IF(section.counted_version = section.version, line.blocksRight, line.blocks), 0)
           AS blocksRight,
         ${seats('')} AS seats,
         ${seats("AND seat.status = 'AVAILABLE'")} AS seatsFree,
         ${seats("AND seat.status = 'HELD'")} AS seatsHeld,
         ${seats(`AND seat.status = 'BOOKED' AND EXISTS
             (SELECT 1 FROM booked_seats sold WHERE sold.id = seat.id)`)} AS seatsBooked
    FROM sections section LEFT JOIN (${LINES}) line ON line.section_id = section.id
   WHERE section.event_id = ? ORDER BY section.id`;

function holds(condition: string): string {
  return `(SELECT COUNT(*) FROM holds hold
     WHERE hold.section_id = section.id AND hold.status = 'HELD' ${condition})`;
}

function seats(condition: string): string {
  return `(SELECT COUNT(*) FROM seats seat WHERE seat.section_id = section.id ${condition})`;
}

/** Counts and sums arrive as strings. */
export type FactsRow = { readonly [Name in keyof SectionFacts]: SectionFacts[Name] | string } & {
  readonly readAt: Date;
};

/** One statement, so that counters and rows are of one moment, even under load. */
export const factsOf = (eventId: string): Statement => ({
  sql: FACTS,
  parameters: [eventId, eventId, eventId],
});

export function toFacts({ id, name, readAt: _, ...numbers }: FactsRow): SectionFacts {
  const counted = Object.entries(numbers).map(([key, value]) => [key, Number(value)]);
  return { id, name, ...(Object.fromEntries(counted) as Omit<SectionFacts, 'id' | 'name'>) };
}
