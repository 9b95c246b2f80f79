import { SEQS_PER_BLOCK } from '../allocation/index.js';
import { READ_AT, type Statement } from '../platform/database/index.js';
import type { SectionFacts } from './audit.js';

const SECTIONS = 'SELECT id FROM sections WHERE event_id = ?';
const BLOCK = `seq DIV ${SEQS_PER_BLOCK}`;

/**
 * The entries that wait, by section: their number, the blocks of seqs that they are in, and the blocks whose stored
 * count is right. It is not used, and so cannot be wrong, until the section's counts are complete.
 */
const LINES = `
  SELECT block.section_id, SUM(block.entries) AS entries, COUNT(*) AS blocks,
         SUM(block.entries = block.counted) AS blocksRight
    FROM (SELECT part.section_id, part.block, SUM(part.entries) AS entries, SUM(part.counted) AS counted
            FROM (SELECT section_id, ${BLOCK} AS block, COUNT(*) AS entries, 0 AS counted
                    FROM waitlist_entries
                   WHERE section_id IN (${SECTIONS}) AND status = 'WAITING'
                   GROUP BY section_id, ${BLOCK}
                   UNION ALL
                  SELECT section_id, block, 0, waiting FROM waitlist_counts
                   WHERE section_id IN (${SECTIONS}) AND waiting <> 0) part
           GROUP BY part.section_id, part.block) block
   GROUP BY block.section_id`;

const STATUSES = ['WAITING', 'OFFERED', 'PROMOTED', 'LEFT', 'VOIDED', 'DECLINED', 'EXPIRED'];

/** The last row of an index for each status, instead of all entries. */
const HIGHEST_SEQ = `GREATEST(${STATUSES.map(
  (status) => `COALESCE((SELECT entry.seq FROM waitlist_entries entry
     WHERE entry.section_id = section.id AND entry.status = '${status}'
     ORDER BY entry.seq DESC LIMIT 1), 0)`,
).join(', ')})`;

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
         ${HIGHEST_SEQ} AS highestSeq,
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
