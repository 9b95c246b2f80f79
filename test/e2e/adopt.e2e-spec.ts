import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { runAdoption } from '../../src/access/cli/adopt-command.js';
import { migrateUp } from '../../src/platform/database/index.js';
import { connectTo, ServiceProcess } from '../kit/index.js';
import { createEmptyDatabase } from '../kit/database.js';
import { Api } from '../kit/api.js';
import { makeKey } from '../kit/keys.js';
import { type End, endOf } from './support/layout.js';

const SCRIPT = join(__dirname, '../../scripts/keys.mjs');

describe('npm run keys -- adopt', () => {
  let url: string;
  const keys = (...args: string[]): Promise<End> =>
    endOf(SCRIPT, args, { PATH: process.env['PATH'], DATABASE_URL: url });
  const adopt = async (isConfirmed: boolean) =>
    runAdoption({ verb: 'adopt', organiserName: 'Theatre', isConfirmed }, url, new Date());

  beforeAll(async () => {
    url = await createEmptyDatabase(`t_adopt_${randomBytes(3).toString('hex')}`);
    await migrateUp(url);
  });

  it('gives events of open mode to an organiser, with their customers', async () => {
    const key = await makeKey(url, 'Theatre');
    const headers = { Authorization: `Bearer ${key}` };
    // Ann and Cat are known to the organiser already; Bob is not.
    let service = await ServiceProcess.start({ DATABASE_URL: url, AUTH_MODE: 'keys' });
    let api = new Api(service.api.baseUrl, headers);
    const own = await api.open(5, 'Own');
    const ann = (await api.book(own, 'ann')).body.tickets[0]!.userId;
    await api.book(own, 'cat');
    await service.stop();

    service = await ServiceProcess.start({ DATABASE_URL: url, AUTH_MODE: 'open' });
    const eventId = await service.api.open(2, 'Gala');
    const annHere = (await service.api.book(eventId, 'ann')).body.tickets[0]!.userId;
    expect(annHere).not.toBe(ann);
    await service.api.post('/v1/holds', { eventId, identifier: 'bob' });
    const waiting = (await service.api.book(eventId, 'cat')).body.waitingEntry;
    const refusal = /Other programs use this database .*Stop all instances first/;
    await expect(adopt(true)).rejects.toThrow(refusal);
    await service.stop();

    const mistyped = await keys('adopt', '--organiser', 'Theater');
    expect(mistyped.out).toContain('To be given to Theater (new): events: 1,');
    const planned = await keys('adopt', '--organiser', 'Theatre');
    expect(planned.code).toBe(0);
    expect(planned.out).toBe(
      'To be given to Theatre: events: 1, customers: 3 (already known to the organiser: 2)\n',
    );
    expect(planned.complaint).toContain('Nothing was changed. Add --yes to confirm.');
    expect((await adopt(true)).answer).toMatch(/^Given to Theatre: events: 1, customers: 3/);
    expect((await adopt(true)).answer).toMatch(/^Given to Theatre: events: 0, customers: 0/);

    service = await ServiceProcess.start({ DATABASE_URL: url, AUTH_MODE: 'keys' });
    api = new Api(service.api.baseUrl, headers);
    expect((await api.send('GET', `/v1/events/${eventId}`)).status).toBe(200);
    const list = await api.send('GET', `/v1/bookings?identifier=ann`);
    expect(list.body).toMatchObject({ data: [{ userId: ann }, { userId: ann }] });
    expect((await api.cancel(eventId, 'ann')).status).toBe(200);
    const entry = await api.send('GET', `/v1/waitlist/${waiting.id}`);
    expect(entry.body).toMatchObject({ status: 'PROMOTED' });
    expect((await api.cancel(eventId, 'cat')).status).toBe(200);
    await api.audit(eventId);
    await service.stop();
    const connection = await connectTo(url);
    const [rows] = await connection.query('SELECT identifier FROM users ORDER BY identifier');
    expect(rows).toEqual([{ identifier: 'ann' }, { identifier: 'bob' }, { identifier: 'cat' }]);
    await connection.end();
  });

  it('says in the banner that unowned events exist, until they are adopted', async () => {
    const open = await ServiceProcess.start({ DATABASE_URL: url, AUTH_MODE: 'open' });
    await open.api.open(1);
    await open.stop();
    const before = await ServiceProcess.start({ DATABASE_URL: url, AUTH_MODE: 'keys' });
    await before.stop();
    expect(before.output).toContain('npm run keys -- adopt');
    await adopt(true);
    const after = await ServiceProcess.start({ DATABASE_URL: url, AUTH_MODE: 'keys' });
    await after.stop();
    expect(after.output).not.toContain('npm run keys -- adopt');
  });

  it.each([['adopt'], ['adopt', '--organiser', 'A', '--no'], ['adopt', '--organiser', ' ']])(
    'refuses %s %s',
    async (...args) => {
      expect((await keys(...args)).code).toBe(2);
    },
  );
});
