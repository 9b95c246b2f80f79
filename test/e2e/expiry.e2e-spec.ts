import { setTimeout as sleep } from 'node:timers/promises';
import request from 'supertest';
import { PeriodicWorkers } from '../../src/platform/workers/index.js';
import { openSeated, useApp, useDatabase } from '../kit/index.js';

const TTL_MS = 1_000;

describe('overdue holds while the expiry sweeper is stopped', () => {
  const database = useDatabase();
  // Settings of its own, so that this file has one instance, whose sweeper it can stop.
  const app = useApp(database, { LOG_LEVEL: 'trace' });

  beforeAll(() => app.nest.get(PeriodicWorkers).stop());

  const post = (path: string, body: object) => request(app.server).post(path).send(body);
  const open = async (totalTickets: number, more: object = {}): Promise<string> =>
    (await post('/v1/events', { name: 'Fair', totalTickets, ...more }).expect(201)).body.id;
  const hold = async (eventId: string, more: object = {}): Promise<string> => {
    const wish = { eventId, identifier: 'ann', ttlSeconds: 1, ...more };
    return (await post('/v1/holds', wish).expect(201)).body.id;
  };
  const book = async (eventId: string, identifier: string, quantity = 1) =>
    (await post('/v1/bookings', { eventId, identifier, quantity }).expect(201)).body;
  const places = async (eventId: string): Promise<object> => {
    const { body } = await request(app.server).get(`/status/${eventId}`);
    const { availableTickets, heldTickets, bookedTickets, waitingListCount } = body;
    return [availableTickets, heldTickets, bookedTickets, waitingListCount];
  };
  const timePasses = () => sleep(TTL_MS + 50);

  it('keep their places while nothing else happens', async () => {
    const eventId = await open(1);
    await hold(eventId);
    await sleep(TTL_MS + 1_500);
    expect(await places(eventId)).toEqual([0, 1, 0, 0]);
  });

  it('leave their places to the next booking', async () => {
    const eventId = await open(2);
    const id = await hold(eventId, { quantity: 2 });
    await timePasses();
    expect(await book(eventId, 'bob', 2)).toMatchObject({ waitlisted: false });
    expect(await places(eventId)).toEqual([0, 0, 2, 0]);
    const { body } = await request(app.server).get(`/v1/holds/${id}`);
    expect(body.status).toBe('EXPIRED');
  });

  it('leave their places to the waitlist first', async () => {
    const eventId = await open(3);
    await hold(eventId, { quantity: 3 });
    const [bob, cid] = [await book(eventId, 'bob', 2), await book(eventId, 'cid', 2)];
    expect([bob, cid]).toMatchObject([{ waitlisted: true }, { waitlisted: true }]);
    await timePasses();
    // One place is left, but Eve comes after Cid.
    const eve = await book(eventId, 'eve');
    expect(eve).toMatchObject({ waitlisted: true, waitingEntry: { position: 2 } });
    expect(await places(eventId)).toEqual([1, 0, 2, 2]);
    const { body } = await request(app.server).get('/v1/bookings').query({ eventId });
    expect(body.data).toMatchObject([{ waitlistEntryId: bob.waitingEntry.id, quantity: 2 }]);
  });

  it('leave places that the waitlist does not take to the next booking', async () => {
    const eventId = await open(2);
    await hold(eventId, { quantity: 2 });
    await book(eventId, 'bob');
    await timePasses();
    expect(await book(eventId, 'cid')).toMatchObject({ waitlisted: false });
    expect(await places(eventId)).toEqual([0, 0, 2, 0]);
  });

  it('leave their places to the next hold and can no longer be confirmed', async () => {
    const eventId = await open(1);
    const first = await hold(eventId);
    await timePasses();
    await hold(eventId, { identifier: 'bob', ttlSeconds: 60 });
    const { body } = await post(`/v1/holds/${first}/confirm`, {}).expect(409);
    expect(body.code).toBe('hold_expired');
    expect(await places(eventId)).toEqual([0, 1, 0, 0]);
  });

  it('cannot be confirmed even if nothing else has happened since', async () => {
    const eventId = await open(1);
    const id = await hold(eventId);
    await timePasses();
    const { body } = await post(`/v1/holds/${id}/confirm`, {}).expect(409);
    expect(body.code).toBe('hold_expired');
    expect(await places(eventId)).toEqual([1, 0, 0, 0]);
  });

  it('no longer count towards the limit per person', async () => {
    const eventId = await open(5, { limits: { maxPerPerson: 1 } });
    await hold(eventId);
    await post('/v1/bookings', { eventId, identifier: 'ann' }).expect(409);
    await timePasses();
    expect(await book(eventId, 'ann')).toMatchObject({ waitlisted: false });
  });

  it('leave their seats to the next person who reserves one', async () => {
    const { eventId, seatIds } = await openSeated(app.server, { rows: 1, perRow: 2 });
    await hold(eventId, { seatIds });
    await post(`/v1/seats/${seatIds[0]}/reserve`, { identifier: 'bob' }).expect(409);
    await timePasses();
    await post(`/v1/seats/${seatIds[0]}/reserve`, { identifier: 'bob' }).expect(201);
    expect(await places(eventId)).toEqual([1, 0, 1, 0]);
  });
});
