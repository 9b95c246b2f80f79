import { setTimeout as pause } from 'node:timers/promises';
import { BookingEngine } from '../../src/bookings/index.js';
import { TransactionRunner, uuidV7 } from '../../src/platform/index.js';
import { connectTo, useApp, useDatabase } from '../kit/index.js';
import { someone } from '../kit/asking.js';

describe('a limit of one person in a whole event', () => {
  const database = useDatabase();
  const app = useApp(database);

  /** An event with two sections; answers their ids, the first one first. */
  async function openTwo(maxPerPerson: number | null): Promise<[string, string]> {
    const [eventId, first, second] = [uuidV7(), uuidV7(), uuidV7()];
    const rows = [first, second].map((id) => {
      return [id, eventId, id === first ? null : first, maxPerPerson, new Date()];
    });
    for (const row of rows) {
      await database.query(
        `INSERT INTO sections (id, event_id, first_section_id, max_per_person, created_at, name, sales,
           capacity, available, booked, held, bookings, waiting, last_seq, version)
         VALUES (?, 'Stalls', 'OPEN', 100, 100, 0, 0, 0, 0, 0, 0)`,
        [row],
      );
    }
    return [first, second];
  }

  const book = async (sectionId: string, quantity: number): Promise<string> => {
    const command = { kind: 'book', sectionId, quantity, onSoldOut: 'wait' } as const;
    const [settled] = await app.nest
      .get(BookingEngine)
      .run([{ ...command, person: someone('ann') }]);
    const { outcome } = settled!;
    return outcome.kind === 'refused' ? outcome.refusal.code : outcome.kind;
  };

  const retries = (): number =>
    [...app.nest.get(TransactionRunner).counts.retries.values()].reduce((sum, n) => sum + n, 0);

  const turnsOf = async (id: string): Promise<number> => {
    const rows = await database.query<{ limit_turns: number }>(
      'SELECT limit_turns FROM sections WHERE id = ?',
      [id],
    );
    return rows[0]!.limit_turns;
  };

  it('counts the places of all sections', async () => {
    const [first, second] = await openTwo(4);
    expect(await book(second, 3)).toBe('booked');
    expect(await book(first, 2)).toBe('limit_exceeded');
    expect(await book(first, 1)).toBe('booked');
    expect(await book(second, 1)).toBe('limit_exceeded');
  });

  it('is asked with the first section locked: once a batch begins again, then it knows', async () => {
    const [first, second] = await openTwo(4);
    const before = retries();
    await book(second, 1);
    expect(retries() - before).toBe(1);
    await book(second, 1);
    expect(retries() - before).toBe(1);
    // A lock that nothing is written under protects nothing on a cluster.
    expect([await turnsOf(first), await turnsOf(second)]).toEqual([2, 0]);
  });

  it.each([
    [4, true],
    [null, false],
  ])('makes sections wait for each other: with a limit of %s, %s', async (limit, waits) => {
    const [first, second] = await openTwo(limit);
    const other = await connectTo(database.url);
    await other.query('START TRANSACTION');
    await other.query('SELECT id FROM sections WHERE id = ? FOR UPDATE', [first]);
    let isDone = false;
    const booking = book(second, 1).then((kind) => {
      isDone = true;
      return kind;
    });
    await pause(500);
    expect(isDone).toBe(!waits);
    await other.query('ROLLBACK');
    await other.end();
    expect(await booking).toBe('booked');
  });
});
