import request from 'supertest';
import { useApp, useDatabase } from '../kit/index.js';

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe('the counts of waitlist entries', () => {
  const database = useDatabase();
  const app = useApp(database);
  let eventId: string;
  let entries: string[];

  const join = async (identifier: string): Promise<string> => {
    const wish = { eventId, identifier };
    const { body } = await request(app.server).post('/book').send(wish).expect(201);
    return (body as { waitingEntry: { id: string } }).waitingEntry.id;
  };

  const leave = (id: string) => request(app.server).delete(`/v1/waitlist/${id}`).expect(204);

  async function positionsOf(ids: readonly string[]): Promise<(number | null)[]> {
    const answers = await Promise.all(
      ids.map((id) => request(app.server).get(`/v1/waitlist/${id}`).expect(200)),
    );
    return answers.map(({ body }) => (body as { position: number | null }).position);
  }

  const countsOf = async (): Promise<number[]> => {
    const rows = await database.query<{ waiting: number }>(
      'SELECT waiting FROM waitlist_counts WHERE event_id = ? ORDER BY block',
      [eventId],
    );
    return rows.map(({ waiting }) => waiting);
  };

  /** As if an instance of the version before the counts had made the last change. */
  const changeUncounted = () =>
    database.query('UPDATE sections SET counted_version = version - 1 WHERE event_id = ?', [
      eventId,
    ]);

  /** Seqs from here, so that six entries are in two blocks. */
  const startAt = (seq: number) =>
    database.query('UPDATE sections SET last_seq = ? WHERE event_id = ?', [seq - 1, eventId]);

  beforeEach(async () => {
    const event = { name: 'Opera', totalTickets: 1 };
    const { body } = await request(app.server).post('/initialize').send(event).expect(201);
    ({ id: eventId } = body as { id: string });
    const wish = { eventId, identifier: 'holder' };
    await request(app.server).post('/book').send(wish).expect(201);
    await startAt(1_021);
    entries = [];
    for (const n of range(6)) entries.push(await join(`person ${n}`));
  });

  it('follow those who join, leave and are promoted', async () => {
    expect(await countsOf()).toEqual([3, 3]);
    expect(await positionsOf(entries)).toEqual([1, 2, 3, 4, 5, 6]);
    await leave(entries[1]!);
    await leave(entries[4]!);
    expect(await countsOf()).toEqual([2, 2]);
    const stay = [entries[0]!, entries[2]!, entries[3]!, entries[5]!];
    expect(await positionsOf(stay)).toEqual([1, 2, 3, 4]);
    const cancelled = { eventId, identifier: 'holder' };
    await request(app.server).post('/cancel').send(cancelled).expect(200);
    expect(await countsOf()).toEqual([1, 2]);
    expect(await positionsOf(stay)).toEqual([null, 1, 2, 3]);
  });

  it('are not used after a change that did not count, and made anew by the next that does', async () => {
    await database.query('UPDATE waitlist_counts SET waiting = 99 WHERE event_id = ?', [eventId]);
    await changeUncounted();
    expect(await positionsOf(entries)).toEqual([1, 2, 3, 4, 5, 6]);
    await leave(entries[0]!);
    expect(await countsOf()).toEqual([2, 3]);
    expect(await positionsOf(entries)).toEqual([null, 1, 2, 3, 4, 5]);
  });

  it('are made anew by a change of places alone', async () => {
    await database.query('DELETE FROM waitlist_counts WHERE event_id = ?', [eventId]);
    await changeUncounted();
    const [{ id: sectionId } = { id: '' }] = await database.query<{ id: string }>(
      'SELECT id FROM sections WHERE event_id = ?',
      [eventId],
    );
    const refused = { eventId, sectionId, identifier: 'other', onSoldOut: 'refuse' };
    await request(app.server).post('/book').send(refused).expect(409);
    expect(await countsOf()).toEqual([]);
    await join('one more');
    expect(await countsOf()).toEqual([3, 4]);
  });
});
