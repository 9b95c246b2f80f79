import { join } from 'node:path';
import request from 'supertest';
import { useApp, useDatabase } from '../kit/index.js';
import { type End, endOf } from './support/layout.js';

const SCRIPT = join(__dirname, '../../scripts/repair.mjs');
const NOBODYS = '01939c5e-0000-7000-8000-000000000000';

describe('npm run repair', () => {
  const database = useDatabase();
  const app = useApp(database);
  let eventId: string;

  const repair = (...args: readonly string[]): Promise<End> =>
    endOf(SCRIPT, args, { PATH: process.env['PATH'], DATABASE_URL: database.url });
  const dryRun = (): Promise<End> => repair('--event', eventId);
  const confirmed = (...more: readonly string[]): Promise<End> =>
    repair('--event', eventId, '--yes', ...more);

  const book = (identifier: string, quantity = 1) =>
    request(app.server).post('/book').send({ eventId, identifier, quantity }).expect(201);

  const damage = (assignments: string) =>
    database.query(`UPDATE sections SET ${assignments} WHERE event_id = ?`, [eventId]);

  const stored = () => database.query('SELECT * FROM sections WHERE event_id = ?', [eventId]);

  /** All three places are booked; three customers wait, and one no longer does. */
  beforeEach(async () => {
    const event = { name: 'Opera', totalTickets: 3 };
    const { body } = await request(app.server).post('/initialize').send(event).expect(201);
    eventId = (body as { id: string }).id;
    await book('ann', 2);
    await book('bob');
    const { body: joined } = await book('gone');
    for (const who of ['dora', 'emil', 'fay']) await book(who);
    const entryId = (joined as { waitingEntry: { id: string } }).waitingEntry.id;
    await request(app.server).delete(`/v1/waitlist/${entryId}`).expect(204);
  });

  const isConsistent = async (): Promise<boolean> => {
    const { body } = await request(app.server).get(`/v1/events/${eventId}/audit`).expect(200);
    return (body as { consistent: boolean }).consistent;
  };

  const bookings = () =>
    database.query('SELECT * FROM bookings WHERE event_id = ? ORDER BY id', [eventId]);

  it('shows without a change what is wrong, and repairs it with --yes', async () => {
    await damage('last_seq = last_seq - 1, waiting = waiting - 1');
    const before = await stored();
    const shown = await dryRun();
    expect({ code: shown.code, rows: await stored() }).toEqual({ code: 1, rows: before });
    expect(shown.complaint).toMatch(/Nothing was changed\. Add --yes to repair\.\n$/);
    expect(shown.out).toMatch(/^Section [\da-f-]{36} \(.+\)\n +STORED +IN ROWS\n/);
    expect(shown.out).toMatch(/^booked +3 +3$/m);
    expect(shown.out).toMatch(/^waiting +2 +3 {2}becomes 3$/m);
    expect(shown.out).toMatch(/^lastSeq +3 +4 {2}becomes 4$/m);
    const done = await confirmed();
    expect(done).toMatchObject({ code: 0, out: shown.out });
    expect(done.complaint).toMatch(/Repaired: all counters agree with the rows\.\n$/);
    expect(await isConsistent()).toBe(true);
    const repaired = await stored();
    const again = await confirmed();
    expect({ code: again.code, rows: await stored() }).toEqual({ code: 0, rows: repaired });
    expect(again.complaint).toMatch(/All counters agree with the rows\.\n$/);
  });

  it('removes no booking of an overbooked event, which sells nothing more until its capacity is raised', async () => {
    const before = await bookings();
    await damage('capacity = 2, booked = 1, available = 1, bookings = 1');
    const done = await confirmed();
    expect(done.code).toBe(1);
    expect(done.out).toContain('Overbooked by 1: the section counts as full, and no booking was');
    expect(done.complaint).toMatch(/some numbers still disagree\.\n$/);
    expect(await stored()).toMatchObject([{ capacity: 2, booked: 2, available: 0 }]);
    expect(await bookings()).toEqual(before);
    const again = await confirmed();
    expect(again).toMatchObject({ code: 1, out: expect.stringContaining('still disagrees') });
    expect((await confirmed('--raise-capacity')).code).toBe(0);
    expect(await stored()).toMatchObject([{ capacity: 3, booked: 3, bookings: 2 }]);
    expect(await isConsistent()).toBe(true);
    expect(await bookings()).toEqual(before);
  });

  it('explains itself, and fails for an event that does not exist', async () => {
    const [help, missing] = await Promise.all([
      repair('--help'),
      repair('--event', NOBODYS, '--yes'),
    ]);
    expect(help).toMatchObject({ code: 0, out: expect.stringContaining('Usage:') });
    expect(missing.code).toBe(1);
    expect(missing.complaint).toContain(`repair failed: There is no event ${NOBODYS}`);
  });

  it('ends with code 2 for wrong arguments, without a database', async () => {
    const { code, complaint } = await endOf(SCRIPT, ['--event', 'opera'], {
      PATH: process.env['PATH'],
      DATABASE_URL: 'mysql://nobody@127.0.0.1:1/nothing',
    });
    expect(code).toBe(2);
    expect(complaint).toContain('--event takes the id of an event.\n\nUsage:');
  });
});
