import { setTimeout as sleep } from 'node:timers/promises';
import request from 'supertest';
import { PeriodicWorkers } from '../../src/platform/workers/index.js';
import { openSeated, useApp, useDatabase } from '../kit/index.js';

const TTL_MS = 1_000;

describe('holds whose time is over, and nobody looks by himself', () => {
  const database = useDatabase();
  // Settings of its own, so that there is one instance, whose sweeper can be stopped.
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

  it('stay as they are', async () => {
    const eventId = await open(1);
    await hold(eventId);
    await sleep(TTL_MS + 1_500);
    expect(await places(eventId)).toEqual([0, 1, 0, 0]);
  });

  it('leave their places to who books next', async () => {
    const eventId = await open(2);
    const id = await hold(eventId, { quantity: 2 });
    await timePasses();
    expect(await book(eventId, 'bob', 2)).toMatchObject({ waitlisted: false });
    expect(await places(eventId)).toEqual([0, 0, 2, 0]);
    const { body } = await request(app.server).get(`/v1/holds/${id}`);
    expect(body.status).toBe('EXPIRED');
  });

  it('leave them to the line first', async () => {
    const eventId = await open(3);
    await hold(eventId, { quantity: 3 });
    const [bob, cid] = [await book(eventId, 'bob', 2), await book(eventId, 'cid', 2)];
    expect([bob, cid]).toMatchObject([{ waitlisted: true }, { waitlisted: true }]);
    await timePasses();
    // One place is left, but he comes after Cid.
    const eve = await book(eventId, 'eve');
    expect(eve).toMatchObject({ waitlisted: true, waitingEntry: { position: 2 } });
    expect(await places(eventId)).toEqual([1, 0, 2, 2]);
    const { body } = await request(app.server).get('/v1/bookings').query({ eventId });
    expect(body.data).toMatchObject([{ waitlistEntryId: bob.waitingEntry.id, quantity: 2 }]);
  });

  it('leave what the line does not take to who comes next', async () => {
    const eventId = await open(2);
    await hold(eventId, { quantity: 2 });
    await book(eventId, 'bob');
    await timePasses();
    expect(await book(eventId, 'cid')).toMatchObject({ waitlisted: false });
    expect(await places(eventId)).toEqual([0, 0, 2, 0]);
  });

  it('leave them to the next hold, and cannot be confirmed any more', async () => {
    const eventId = await open(1);
    const first = await hold(eventId);
    await timePasses();
    await hold(eventId, { identifier: 'bob', ttlSeconds: 60 });
    const { body } = await post(`/v1/holds/${first}/confirm`, {}).expect(409);
    expect(body.code).toBe('hold_expired');
    expect(await places(eventId)).toEqual([0, 1, 0, 0]);
  });

  it('cannot be confirmed, even if nothing else has happened since', async () => {
    const eventId = await open(1);
    const id = await hold(eventId);
    await timePasses();
    const { body } = await post(`/v1/holds/${id}/confirm`, {}).expect(409);
    expect(body.code).toBe('hold_expired');
    expect(await places(eventId)).toEqual([1, 0, 0, 0]);
  });

  it('count no more towards a limit of their person', async () => {
    const eventId = await open(5, { limits: { maxPerPerson: 1 } });
    await hold(eventId);
    await post('/v1/bookings', { eventId, identifier: 'ann' }).expect(409);
    await timePasses();
    expect(await book(eventId, 'ann')).toMatchObject({ waitlisted: false });
  });

  it('leave their seats to who wants these', async () => {
    const { eventId, seatIds } = await openSeated(app.server, { rows: 1, perRow: 2 });
    await hold(eventId, { seatIds });
    await post(`/v1/seats/${seatIds[0]}/reserve`, { identifier: 'bob' }).expect(409);
    await timePasses();
    await post(`/v1/seats/${seatIds[0]}/reserve`, { identifier: 'bob' }).expect(201);
    expect(await places(eventId)).toEqual([1, 0, 1, 0]);
  });
});
