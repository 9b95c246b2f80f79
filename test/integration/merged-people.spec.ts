import request from 'supertest';
import { DataSource } from 'typeorm';
import { CompareIdentifiersWithoutCaseAndWidth1795200000010 as Migration } from '../../migrations/1795200000010-compare-identifiers-without-case-and-width.js';
import { dataSourceOptions } from '../../src/platform/database/data-source-options.js';
import { assertInvariants, useApp, useDatabase } from '../kit/index.js';

const SHARP = 'straße@x.org';
const PLAIN = 'strasse@x.org';
const WIDE = 'ｓtrasse@x.org';
const SPELLINGS = [SHARP, PLAIN, WIDE, 'STRASSE@X.ORG', 'stra\u00adsse@x.org'];

describe('the migration that makes spellings of one identifier one customer', () => {
  const database = useDatabase();
  const app = useApp(database);
  let eventId: string;
  const ids = { bookings: [] as string[], hold: '', entries: [] as string[] };

  const post = async (path: string, body: object): Promise<request.Response['body']> =>
    (await request(app.server).post(path).send(body)).body;
  const get = async (path: string): Promise<request.Response['body']> =>
    (await request(app.server).get(path).expect(200)).body;

  /** Stores an identifier as the previous version did. */
  const rename = (from: string, to: string) =>
    database.query('UPDATE users SET identifier = ? WHERE identifier = ?', [to, from]);

  const migrate = async (): Promise<void> => {
    const dataSource = await new DataSource(
      dataSourceOptions(database.url, 1, { kind: 'migrations' }),
    ).initialize();
    await new Migration().up(dataSource.createQueryRunner());
    await dataSource.destroy();
  };

  const book = (identifier: string, more: object = {}) =>
    post('/v1/bookings', { eventId, identifier, ...more });

  beforeAll(async () => {
    ({ id: eventId } = await post('/initialize', { name: 'Opera', totalTickets: 9 }));
    for (const [name, quantity] of [
      ['one', 2],
      ['two', 1],
      ['three', 1],
      ['nikos', 1],
      ['nobody', 1],
    ] as const) {
      ids.bookings.push((await book(name, { quantity })).bookingId);
    }
    ids.hold = (await post('/v1/holds', { eventId, identifier: 'three', ttlSeconds: 600 })).id;
    await book('last', { quantity: 2 });
    for (const name of ['one', 'two']) {
      ids.entries.push((await book(name)).waitingEntry.id);
    }
    await rename('one', SHARP);
    await rename('two', PLAIN);
    await rename('three', WIDE);
    await rename('nikos', 'νικος@x.org');
    await rename('nobody', '\u200b');
    await migrate();
  });

  it.each(SPELLINGS)('finds all bookings by each spelling: %j', async (identifier) => {
    const query = new URLSearchParams({ eventId, identifier });
    const { data } = await get(`/v1/bookings?${query.toString()}`);
    const found = data.map(({ id }: { id: string }) => id).toSorted();
    expect(found).toEqual(ids.bookings.slice(0, 3).toSorted());
  });

  it('moves holds, and leaves nobody behind who has nothing', async () => {
    const [{ userId }] = (await get(`/v1/bookings?identifier=${PLAIN}`)).data;
    expect((await get(`/v1/holds/${ids.hold}`)).userId).toBe(userId);
    const users = await database.query<{ identifier: string }>('SELECT identifier FROM users');
    expect(users.map(({ identifier }) => identifier).toSorted()).toEqual(
      // The row of the sharp spelling still has an entry.
      ['\u200b', 'last', 'νικοσ@x.org', PLAIN, SHARP].toSorted(),
    );
  });

  it('keeps the place of an entry that its customer could not have beside the other', async () => {
    const [first, second] = await Promise.all(ids.entries.map((id) => get(`/v1/waitlist/${id}`)));
    expect([first.status, first.position]).toEqual(['WAITING', 1]);
    expect([second.status, second.position]).toEqual(['WAITING', 2]);
    expect(first.userId).not.toBe(second.userId);
    const query = new URLSearchParams({ eventId, identifier: SHARP });
    const { data } = await get(`/v1/waitlist?${query.toString()}`);
    expect(data.map(({ id }: { id: string }) => id)).toEqual([ids.entries[1]]);
  });

  it('renames a customer who is alone with the form, and leaves one without a form', async () => {
    const query = new URLSearchParams({ identifier: 'ΝΙΚΟΣ@x.org' });
    const { data } = await get(`/v1/bookings?${query.toString()}`);
    expect(data.map(({ id }: { id: string }) => id)).toEqual([ids.bookings[3]]);
    expect(await get(`/v1/bookings/${ids.bookings[4]}`)).toMatchObject({ status: 'CONFIRMED' });
  });

  it('changes nothing when it runs again', async () => {
    const everyone = () => database.query('SELECT id, identifier FROM users ORDER BY id');
    const before = await everyone();
    await migrate();
    expect(await everyone()).toEqual(before);
  });

  it('leaves every booking and entry to be cancelled, and every promise kept', async () => {
    await assertInvariants(database.url);
    for (let left = 4; left > 0; left -= 1) {
      const { tickets } = await post('/cancel', { eventId, identifier: SPELLINGS[left % 5] });
      expect(tickets).toHaveLength(1);
    }
    await request(app.server).delete(`/v1/holds/${ids.hold}`).expect(204);
    await assertInvariants(database.url);
  });
});
