import { setTimeout as sleep } from 'node:timers/promises';
import request from 'supertest';
import { openSeated, useApp, useDatabase } from '../kit/index.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const NOBODYS = '01939c5e-0000-7000-8000-000000000000';
const TTL_MS = 1_000;

describe('holds', () => {
  const database = useDatabase();
  const app = useApp(database);

  const post = (path: string, body?: object, key?: string) => {
    const sent = request(app.server).post(path);
    return (key === undefined ? sent : sent.set('Idempotency-Key', key)).send(body);
  };
  const get = (path: string) => request(app.server).get(path);
  const remove = (path: string, key?: string) => {
    const sent = request(app.server).delete(path);
    return key === undefined ? sent : sent.set('Idempotency-Key', key);
  };
  const open = async (totalTickets: number): Promise<string> =>
    (await post('/initialize', { name: 'First night', totalTickets }).expect(201)).body.id;
  const hold = (eventId: string, more: object = {}, key?: string) =>
    post('/v1/holds', { eventId, identifier: 'ann', quantity: 1, ...more }, key);
  const held = async (eventId: string, more: object = {}): Promise<string> =>
    (await hold(eventId, more).expect(201)).body.id;
  const places = async (eventId: string): Promise<object> => {
    const { availableTickets, heldTickets, bookedTickets, waitingListCount } = (
      await get(`/status/${eventId}`)
    ).body;
    return [availableTickets, heldTickets, bookedTickets, waitingListCount];
  };
  const overdue = async (eventId: string): Promise<string> => {
    const id = await held(eventId, { ttlSeconds: 1 });
    await sleep(TTL_MS + 50);
    return id;
  };

  describe('POST /v1/holds', () => {
    it('keeps places for ten minutes and returns its address', async () => {
      const eventId = await open(5);
      const { body, headers } = await hold(eventId, { quantity: 3 }).expect(201);
      expect(body).toEqual({
        id: expect.stringMatching(UUID),
        eventId,
        sectionId: expect.stringMatching(UUID),
        userId: expect.stringMatching(UUID),
        quantity: 3,
        price: null,
        status: 'HELD',
        expiresAt: expect.stringMatching(TIME),
        createdAt: expect.stringMatching(TIME),
      });
      expect(Date.parse(body.expiresAt) - Date.parse(body.createdAt)).toBe(600_000);
      expect(headers['location']).toBe(`/v1/holds/${body.id}`);
      expect(await places(eventId)).toEqual([2, 3, 0, 0]);
      expect((await get(headers['location']!).expect(200)).body).toEqual(body);
    });

    it('holds the named seats, or else the best ones', async () => {
      const { eventId, seatIds } = await openSeated(app.server, { rows: 1, perRow: 5 });
      const chosen = await hold(eventId, { quantity: undefined, seatIds: [seatIds[1]] });
      expect(chosen.body).toMatchObject({ quantity: 1, seatIds: [seatIds[1]] });
      const best = await hold(eventId, { quantity: 2 }).expect(201);
      expect(best.body.seatIds).toEqual([seatIds[2], seatIds[3]]);
      expect((await get(`/v1/holds/${best.body.id}`)).body.seatIds).toEqual(best.body.seatIds);
      const { body } = await hold(eventId, { seatIds: [seatIds[1]] }).expect(409);
      expect(body).toMatchObject({ code: 'seat_taken', seatIds: [seatIds[1]] });
    });

    it('refuses more than is available, and never joins the waitlist', async () => {
      const eventId = await open(2);
      await hold(eventId, { quantity: 2 }).expect(201);
      expect((await hold(eventId).expect(409)).body.code).toBe('sold_out');
      expect((await hold(eventId, { quantity: 3 }).expect(409)).body.code).toBe('exceeds_capacity');
      expect(await places(eventId)).toEqual([0, 2, 0, 0]);
    });

    it('answers 404 for an unknown event or section', async () => {
      expect((await hold(NOBODYS).expect(404)).body.code).toBe('event_not_found');
      const { body } = await hold(await open(1), { sectionId: NOBODYS }).expect(404);
      expect(body.code).toBe('section_not_found');
    });

    it('refuses unknown seats, and seats in a section without seats', async () => {
      const seatIds = [NOBODYS];
      const house = await openSeated(app.server, { rows: 1, perRow: 1 });
      const { body } = await hold(house.eventId, { seatIds }).expect(404);
      expect(body).toMatchObject({ code: 'seat_not_found', seatIds });
      const unseated = await hold(await open(1), { seatIds }).expect(409);
      expect(unseated.body.code).toBe('section_not_seated');
    });

    it('refuses what the settings of the event do not allow', async () => {
      const openWith = async (more: object): Promise<string> =>
        (await post('/v1/events', { name: 'Fair', totalTickets: 5, ...more }).expect(201)).body.id;
      const draft = await openWith({ status: 'DRAFT' });
      expect((await hold(draft).expect(409)).body.code).toBe('event_not_on_sale');
      const limited = await openWith({ limits: { maxPerBooking: 2, maxPerPerson: 3 } });
      const perBooking = await hold(limited, { quantity: 3 }).expect(409);
      expect(perBooking.body).toMatchObject({ code: 'limit_exceeded', per: 'booking' });
      await hold(limited, { quantity: 2 }).expect(201);
      const perPerson = await hold(limited, { quantity: 2 }).expect(409);
      expect(perPerson.body).toMatchObject({ code: 'limit_exceeded', per: 'person', has: 2 });
    });

    it('holds places in the named section, which is required if there are several', async () => {
      const sections = ['Stalls', 'Balcony'].map((name) => ({ name, capacity: 5 }));
      const { body: event } = await post('/v1/events', { name: 'Opera', sections }).expect(201);
      expect((await hold(event.id).expect(400)).body.code).toBe('section_required');
      const sectionId = event.sections[1].id;
      const { body } = await hold(event.id, { sectionId }).expect(201);
      expect(body).toMatchObject({ sectionId });
    });

    it('refuses places that belong to the waitlist', async () => {
      const eventId = await open(2);
      await hold(eventId).expect(201);
      await post('/book', { eventId, identifier: 'bob', quantity: 2 }).expect(201);
      const { body } = await hold(eventId, { identifier: 'eve' }).expect(409);
      expect(body).toMatchObject({ code: 'sold_out', requested: 1 });
      expect(await places(eventId)).toEqual([1, 1, 0, 1]);
    });

    it.each([
      ['a missing event', { eventId: undefined }, '/eventId'],
      ['a missing identifier', { identifier: undefined }, '/identifier'],
      ['a quantity of 0', { quantity: 0 }, '/quantity'],
      ['a ttlSeconds of 0', { ttlSeconds: 0 }, '/ttlSeconds'],
      ['a ttlSeconds of more than a day', { ttlSeconds: 86_401 }, '/ttlSeconds'],
      ['a ttlSeconds of half a second', { ttlSeconds: 0.5 }, '/ttlSeconds'],
      ['an empty list of seats', { seatIds: [] }, '/seatIds'],
      ['a repeated seat', { quantity: undefined, seatIds: [NOBODYS, NOBODYS] }, '/seatIds'],
      [
        'a quantity that differs from the number of seats',
        { quantity: 2, seatIds: [NOBODYS] },
        '/quantity',
      ],
      ['both identifier and userId', { userId: 'bob' }, '/userId'],
      ['both quantity and qty', { qty: 2 }, '/qty'],
      ['an unknown field', { onSoldOut: 'wait' }, '/onSoldOut'],
    ])('refuses %s', async (_, more, pointer) => {
      const { body } = await hold(NOBODYS, more).expect(400);
      expect(body).toMatchObject({ code: 'invalid_request', errors: [{ pointer }] });
    });

    it('replays the first answer to a retry and holds nothing more', async () => {
      const eventId = await open(5);
      const first = await hold(eventId, {}, 'hold-1').expect(201);
      const again = await hold(eventId, {}, 'hold-1').expect(201);
      expect(again.body).toEqual(first.body);
      expect(again.headers['location']).toBe(first.headers['location']);
      expect(again.headers['idempotency-replayed']).toBe('true');
      expect(await places(eventId)).toEqual([4, 1, 0, 0]);
      const { body } = await hold(eventId, { quantity: 2 }, 'hold-1').expect(422);
      expect(body.code).toBe('idempotency_key_reused');
    });

    it('replays a refusal to a retry', async () => {
      const eventId = await open(1);
      const id = await held(eventId);
      await hold(eventId, { identifier: 'bob' }, 'hold-2').expect(409);
      await remove(`/v1/holds/${id}`).expect(204);
      const again = await hold(eventId, { identifier: 'bob' }, 'hold-2').expect(409);
      expect(again.body.code).toBe('sold_out');
      expect(again.headers['idempotency-replayed']).toBe('true');
    });
  });

  describe('GET /v1/holds/:id', () => {
    it.each([NOBODYS, 'x'])('answers 404 for the unknown id %s', async (id) => {
      expect((await get(`/v1/holds/${id}`).expect(404)).body.code).toBe('hold_not_found');
    });

    it('shows a hold as EXPIRED from the moment it expires', async () => {
      const id = await overdue(await open(1));
      expect((await get(`/v1/holds/${id}`).expect(200)).body.status).toBe('EXPIRED');
    });
  });

  describe('POST /v1/holds/:id/confirm', () => {
    it('books the held places', async () => {
      const eventId = await open(5);
      const { body: kept } = await hold(eventId, { quantity: 2 });
      const { body, headers } = await post(`/v1/holds/${kept.id}/confirm`).expect(201);
      const ticket = { id: expect.stringMatching(UUID), eventId, userId: kept.userId };
      expect(body).toEqual({
        booking: {
          id: expect.stringMatching(UUID),
          eventId,
          sectionId: kept.sectionId,
          userId: kept.userId,
          quantity: 2,
          status: 'CONFIRMED',
          price: null,
          tickets: [
            { ...ticket, status: 'BOOKED' },
            { ...ticket, status: 'BOOKED' },
          ],
          createdAt: expect.stringMatching(TIME),
          holdId: kept.id,
        },
      });
      expect(headers['location']).toBe(`/v1/bookings/${body.booking.id}`);
      expect((await get(headers['location']!)).body).toEqual(body.booking);
      expect(await places(eventId)).toEqual([3, 0, 2, 0]);
      expect((await get(`/v1/holds/${kept.id}`)).body.status).toBe('CONFIRMED');
    });

    it('books the held seats', async () => {
      const { eventId, seatIds } = await openSeated(app.server, { rows: 1, perRow: 8 });
      const chosen = seatIds.slice(1);
      const id = await held(eventId, { quantity: undefined, seatIds: chosen.toReversed() });
      expect((await get(`/v1/holds/${id}`)).body.seatIds).toEqual(chosen);
      const { body } = await post(`/v1/holds/${id}/confirm`).expect(201);
      // In the order of the seating plan, whatever order the request used.
      const seats = body.booking.tickets.map(({ seatId }: { seatId: string }) => seatId);
      expect(seats).toEqual(chosen);
      expect((await get(`/v1/holds/${id}`)).body).not.toHaveProperty('seatIds');
    });

    it('refuses a hold that was confirmed, was released or has expired', async () => {
      const eventId = await open(5);
      const confirm = async (id: string, status: number): Promise<string> =>
        (await post(`/v1/holds/${id}/confirm`).expect(status)).body.code;
      const confirmed = await held(eventId);
      await confirm(confirmed, 201);
      expect(await confirm(confirmed, 409)).toBe('hold_confirmed');
      const released = await held(eventId);
      await remove(`/v1/holds/${released}`).expect(204);
      expect(await confirm(released, 409)).toBe('hold_released');
      expect(await confirm(await overdue(eventId), 409)).toBe('hold_expired');
      expect(await confirm(NOBODYS, 404)).toBe('hold_not_found');
      expect(await places(eventId)).toEqual([4, 0, 1, 0]);
    });

    it('replays the first answer to a retry with the same idempotency key', async () => {
      const id = await held(await open(1));
      const first = await post(`/v1/holds/${id}/confirm`, undefined, 'confirm-1').expect(201);
      const again = await post(`/v1/holds/${id}/confirm`, undefined, 'confirm-1').expect(201);
      expect(again.body).toEqual(first.body);
      expect(again.headers['location']).toBe(first.headers['location']);
      expect(again.headers['idempotency-replayed']).toBe('true');
      await post(`/v1/holds/${id}/confirm`, undefined, 'confirm-2').expect(409);
      const refused = await post(`/v1/holds/${id}/confirm`, undefined, 'confirm-2').expect(409);
      expect(refused.body.code).toBe('hold_confirmed');
      expect(refused.headers['idempotency-replayed']).toBe('true');
    });
  });

  describe('DELETE /v1/holds/:id', () => {
    it('frees its places and promotes the waitlist into them', async () => {
      const eventId = await open(3);
      const id = await held(eventId, { quantity: 3 });
      const bob = await post('/book', { eventId, identifier: 'bob', quantity: 2 }).expect(201);
      expect(bob.body.waitlisted).toBe(true);
      const { body } = await remove(`/v1/holds/${id}`).expect(204);
      expect(body).toEqual({});
      expect(await places(eventId)).toEqual([1, 0, 2, 0]);
      expect((await get(`/v1/holds/${id}`)).body.status).toBe('RELEASED');
    });

    it('frees its seats', async () => {
      const { eventId, seatIds } = await openSeated(app.server, { rows: 1, perRow: 2 });
      const id = await held(eventId, { quantity: 2 });
      await remove(`/v1/holds/${id}`).expect(204);
      const { body } = await hold(eventId, { quantity: 2 }).expect(201);
      expect(body.seatIds).toEqual(seatIds);
    });

    it('answers 404 for a hold that has ended, but 409 if it was confirmed', async () => {
      const eventId = await open(5);
      const release = async (id: string, status: number): Promise<string> =>
        (await remove(`/v1/holds/${id}`).expect(status)).body.code;
      const released = await held(eventId);
      await release(released, 204);
      expect(await release(released, 404)).toBe('hold_not_found');
      expect(await release(await overdue(eventId), 404)).toBe('hold_not_found');
      const confirmed = await held(eventId);
      await post(`/v1/holds/${confirmed}/confirm`).expect(201);
      expect(await release(confirmed, 409)).toBe('hold_confirmed');
      expect(await release(NOBODYS, 404)).toBe('hold_not_found');
      expect(await release('x', 404)).toBe('hold_not_found');
      expect(await places(eventId)).toEqual([4, 0, 1, 0]);
    });

    it('replays its first answer to a retry, refusals included', async () => {
      const id = await held(await open(1));
      await remove(`/v1/holds/${id}`, 'release-1').expect(204);
      const again = await remove(`/v1/holds/${id}`, 'release-1').expect(204);
      expect(again.headers['idempotency-replayed']).toBe('true');
      await remove(`/v1/holds/${id}`, 'release-2').expect(404);
      const refused = await remove(`/v1/holds/${id}`, 'release-2').expect(404);
      expect(refused.headers['idempotency-replayed']).toBe('true');
      expect(refused.body.code).toBe('hold_not_found');
    });
  });
});
