import { uuidV7 } from '../../src/platform/index.js';
import type { TestDatabase } from './database.js';

/** An event with one section of seats; the seats in the order of the house. */
export interface SeatedHouse {
  readonly eventId: string;
  readonly sectionId: string;
  readonly seatIds: readonly string[];
}

/** Opens an event with rows of numbered seats. */
export async function openSeated(
  database: TestDatabase,
  { rows, perRow }: { readonly rows: number; readonly perRow: number },
): Promise<SeatedHouse> {
  const [eventId, sectionId, now] = [uuidV7(), uuidV7(), new Date()];
  const capacity = rows * perRow;
  await database.query(
    `INSERT INTO events (id, name, status, version, created_at, updated_at)
     VALUES (?, 'Opera', 'PUBLISHED', 1, ?, ?)`,
    [eventId, now, now],
  );
  await database.query(
    `INSERT INTO sections (id, event_id, name, sales, is_seated, capacity, available, created_at,
       booked, held, bookings, waiting, last_seq, version)
     VALUES (?, ?, 'Stalls', 'OPEN', 1, ?, ?, ?, 0, 0, 0, 0, 0, 0)`,
    [sectionId, eventId, capacity, capacity, now],
  );
  const seats = Array.from({ length: capacity }, (_, index) => {
    const row = Math.floor(index / perRow);
    const place = [String.fromCharCode(65 + row), (index % perRow) + 1, index + row];
    return [uuidV7(), eventId, sectionId, ...place, 'AVAILABLE'];
  });
  await database.query(
    `INSERT INTO seats (id, event_id, section_id, row_name, seat_number, position, status) VALUES ?`,
    [seats],
  );
  return { eventId, sectionId, seatIds: seats.map(([id]) => String(id)) };
}
