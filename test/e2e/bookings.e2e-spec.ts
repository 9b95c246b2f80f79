import request, { type Response } from 'supertest';
import { openSeated, useApp, useDatabase } from '../kit/index.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const NOBODYS = '01939c5e-0000-7000-8000-000000000000';

interface Listed {
  readonly id: string;
  readonly tickets: readonly { readonly status: string }[];
}

describe('bookings', () => {
  const database = useDatabase();
  const app = useApp(database);
  let people = 0;

  const someone = (): string => `person-${(people += 1)}@example.org`;
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
  const book = (eventId: string, more: object = {}, key?: string) =>
    post('/v1/bookings', { eventId, identifier: 'ann', ...more }, key);
  const booked = async (eventId: string, more: object = {}) =>
    (await book(eventId, more).expect(201)).body.booking;
  const bookedAt = async (eventId: string): Promise<number> =>
    (await get(`/status/${eventId}`)).body.bookedTickets;
  const list = async (query: object) => (await get('/v1/bookings').query(query).expect(200)).body;
  const idsOf = (page: { data: Listed[] }): string[] => page.data.map(({ id }) => id);

  describe('POST /v1/bookings', () => {
    it('books like /book and also returns the booking', async () => {
      const eventId = await open(5);
      const { body, headers } = await book(eventId, { quantity: 2 }).expect(201);
      const { id, userId, sectionId } = body.booking;
      const ticket = { id: expect.stringMatching(UUID), eventId, userId, status: 'BOOKED' };
      expect(body).toEqual({
        waitlisted: false,
        bookingId: id,
        price: null,
        tickets: [ticket, ticket],
        booking: {
          id: expect.stringMatching(UUID),
          eventId,
          sectionId: expect.stringMatching(UUID),
          userId: expect.stringMatching(UUID),
          quantity: 2,
          status: 'CONFIRMED',
          price: null,
          tickets: body.tickets,
          createdAt: expect.stringMatching(TIME),
        },
      });
      expect(headers['location']).toBe(`/v1/bookings/${id}`);
      expect((await get(headers['location']!).expect(200)).body).toEqual(body.booking);
      expect(sectionId).not.toBe(eventId);
    });

    it('adds people to the waitlist like /book', async () => {
      const eventId = await open(1);
      await booked(eventId);
      const { body, headers } = await book(eventId, { identifier: 'bob' }).expect(201);
      expect(body).toMatchObject({ waitlisted: true, waitingEntry: { position: 1 } });
      expect(body).not.toHaveProperty('booking');
      expect(headers).not.toHaveProperty('location');
    });

    it('returns the seat of each ticket, like /book', async () => {
      const { eventId, seatIds } = await openSeated(app.server, { rows: 1, perRow: 3 });
      const chosen = await book(eventId, { seatIds: [seatIds[2]] }).expect(201);
      expect(chosen.body.booking.tickets).toMatchObject([{ seatId: seatIds[2] }]);
      const best = await post('/book', { eventId, identifier: 'bob', quantity: 2 }).expect(201);
      const seats = best.body.tickets.map(({ seatId }: { seatId: string }) => seatId);
      expect(seats).toEqual(seatIds.slice(0, 2));
      const { body } = await get(`/v1/bookings/${chosen.body.bookingId}`).expect(200);
      const seat = { id: seatIds[2], row: 'A', number: 3 };
      expect(body.tickets).toMatchObject([{ seatId: seatIds[2], seat }]);
    });

    it('refuses with the same codes as /book', async () => {
      const eventId = await open(1);
      const code = async (more: object, status: number): Promise<string> =>
        (await book(eventId, more).expect(status)).body.code;
      expect(await code({ quantity: 2 }, 409)).toBe('exceeds_capacity');
      expect(await code({ seatIds: [NOBODYS] }, 409)).toBe('section_not_seated');
      expect(await code({ eventId: NOBODYS }, 404)).toBe('event_not_found');
      expect(await code({ sectionId: NOBODYS }, 404)).toBe('section_not_found');
      await booked(eventId);
      expect(await code({ onSoldOut: 'refuse' }, 409)).toBe('sold_out');
      await book(eventId).expect(201);
      expect(await code({}, 409)).toBe('already_waiting');
    });

    it('refuses unknown and taken seats', async () => {
      const house = await openSeated(app.server, { rows: 1, perRow: 2 });
      const [seatId] = house.seatIds;
      const unknown = await book(house.eventId, { seatIds: [seatId, NOBODYS] }).expect(404);
      expect(unknown.body).toMatchObject({ code: 'seat_not_found', seatIds: [NOBODYS] });
      await booked(house.eventId, { seatIds: [seatId] });
      const taken = await book(house.eventId, { seatIds: house.seatIds }).expect(409);
      expect(taken.body).toMatchObject({ code: 'seat_taken', seatIds: [seatId] });
    });

    it('refuses what the settings of the event do not allow', async () => {
      const openWith = async (more: object): Promise<string> =>
        (await post('/v1/events', { name: 'Fair', totalTickets: 5, ...more }).expect(201)).body.id;
      const refusal = async (eventId: string, more: object) =>
        (await book(eventId, more).expect(409)).body;
      const draft = await openWith({ status: 'DRAFT' });
      expect(await refusal(draft, {})).toMatchObject({ code: 'event_not_on_sale' });
      const limited = await openWith({ limits: { maxPerBooking: 2, maxPerPerson: 3 } });
      const per = (of: string) => ({ code: 'limit_exceeded', per: of });
      expect(await refusal(limited, { quantity: 3 })).toMatchObject(per('booking'));
      await booked(limited, { quantity: 2 });
      expect(await refusal(limited, { quantity: 2 })).toMatchObject(per('person'));
      const short = await openWith({ totalTickets: 1, waitlist: { maxSize: 1 } });
      await booked(short);
      await book(short, { identifier: 'bob' }).expect(201);
      expect(await refusal(short, {})).toMatchObject({ code: 'waitlist_full', max: 1 });
      const lineless = await openWith({ totalTickets: 1, waitlist: { enabled: false } });
      await booked(lineless);
      expect(await refusal(lineless, {})).toMatchObject({ code: 'sold_out' });
    });

    it('books in the named section, which is required if there are several', async () => {
      const sections = ['Stalls', 'Balcony'].map((name) => ({ name, capacity: 5 }));
      const { body: event } = await post('/v1/events', { name: 'Opera', sections }).expect(201);
      expect((await book(event.id).expect(400)).body.code).toBe('section_required');
      const sectionId = event.sections[1].id;
      expect(await booked(event.id, { sectionId })).toMatchObject({ sectionId });
    });

    it.each([
      ['a missing event', { eventId: undefined }, '/eventId'],
      ['a missing identifier', { identifier: undefined }, '/identifier'],
      ['a quantity of 0', { quantity: 0 }, '/quantity'],
      ['an unknown onSoldOut', { onSoldOut: 'cry' }, '/onSoldOut'],
      ['an empty list of seats', { seatIds: [] }, '/seatIds'],
      ['a repeated seat', { seatIds: [NOBODYS, NOBODYS] }, '/seatIds'],
      [
        'a quantity that differs from the number of seats',
        { quantity: 2, seatIds: [NOBODYS] },
        '/quantity',
      ],
      ['both identifier and userId', { userId: 'bob' }, '/userId'],
      ['both quantity and qty', { quantity: 1, qty: 2 }, '/qty'],
      ['an unknown field', { price: 1 }, '/price'],
    ])('refuses %s', async (_, more, pointer) => {
      const { body } = await book(NOBODYS, more).expect(400);
      expect(body).toMatchObject({ code: 'invalid_request', errors: [{ pointer }] });
    });

    it('replays the first answer to a retry with the same idempotency key', async () => {
      const eventId = await open(5);
      const first = await book(eventId, {}, 'book-1').expect(201);
      const again = await book(eventId, {}, 'book-1').expect(201);
      expect(again.body).toEqual(first.body);
      expect(again.headers['location']).toBe(first.headers['location']);
      expect(again.headers['idempotency-replayed']).toBe('true');
      expect(await bookedAt(eventId)).toBe(1);
      await book(eventId, { quantity: 2 }, 'book-1').expect(422);
    });
  });

  describe('GET /v1/bookings/:id', () => {
    it.each([NOBODYS, 'x'])('answers 404 for the unknown id %s', async (id) => {
      expect((await get(`/v1/bookings/${id}`).expect(404)).body.code).toBe('booking_not_found');
    });

    it('shows the waitlist entry that was promoted, and the cancelled tickets', async () => {
      const eventId = await open(2);
      const { id } = await booked(eventId, { quantity: 2 });
      const { waitingEntry } = (await book(eventId, { identifier: 'bob' })).body;
      await post(`/v1/bookings/${id}/cancel`, { quantity: 1 }).expect(200);
      const { body } = await get(`/v1/bookings/${id}`).expect(200);
      expect(body).toMatchObject({
        quantity: 1,
        status: 'CONFIRMED',
        tickets: [{ status: 'BOOKED' }, { status: 'CANCELLED' }],
      });
      expect(body).not.toHaveProperty('cancelledAt');
      const [bobs] = (await list({ eventId, identifier: 'bob' })).data;
      expect(bobs).toMatchObject({ waitlistEntryId: waitingEntry.id, quantity: 1 });
    });
  });

  describe('DELETE /v1/bookings/:id', () => {
    it('cancels the whole booking, once', async () => {
      const eventId = await open(3);
      const { id } = await booked(eventId, { quantity: 2 });
      await remove(`/v1/bookings/${id}`).expect(204);
      expect(await bookedAt(eventId)).toBe(0);
      expect((await get(`/v1/bookings/${id}`)).body).toMatchObject({
        quantity: 0,
        status: 'CANCELLED',
        cancelledAt: expect.stringMatching(TIME),
        tickets: [{ status: 'CANCELLED' }, { status: 'CANCELLED' }],
      });
      const { body } = await remove(`/v1/bookings/${id}`).expect(404);
      expect(body).toMatchObject({
        code: 'booking_not_found',
        detail: 'This booking does not exist, is cancelled or belongs to another customer.',
      });
    });

    it.each([NOBODYS, 'x'])('answers 404 for the unknown id %s', async (id) => {
      expect((await remove(`/v1/bookings/${id}`).expect(404)).body.code).toBe('booking_not_found');
    });

    it('replays the first answer to a retry with the same idempotency key', async () => {
      const { id } = await booked(await open(1));
      await remove(`/v1/bookings/${id}`, 'delete-1').expect(204);
      const again = await remove(`/v1/bookings/${id}`, 'delete-1').expect(204);
      expect(again.headers['idempotency-replayed']).toBe('true');
      await remove(`/v1/bookings/${id}`, 'delete-2').expect(404);
      const refused = await remove(`/v1/bookings/${id}`, 'delete-2').expect(404);
      expect(refused.headers['idempotency-replayed']).toBe('true');
    });
  });

  describe('POST /v1/bookings/:id/cancel', () => {
    it('cancels every ticket if the body is empty or missing', async () => {
      const eventId = await open(4);
      for (const body of [undefined, {}]) {
        const { id, tickets } = await booked(eventId, { quantity: 2 });
        const answer = await post(`/v1/bookings/${id}/cancel`, body).expect(200);
        expect(answer.body.booking).toMatchObject({ id, quantity: 0, status: 'CANCELLED' });
        expect(answer.body.booking).toMatchObject({ tickets: [], cancelledAt: expect.any(String) });
        expect(answer.body.tickets).toHaveLength(tickets.length);
      }
      expect(await bookedAt(eventId)).toBe(0);
    });

    it.each(['null', '[]', '"all"', '7', 'false'])('refuses %s as a body', async (body) => {
      const eventId = await open(1);
      const { id } = await booked(eventId);
      const answer = await request(app.server)
        .post(`/v1/bookings/${id}/cancel`)
        .set('Content-Type', 'application/json')
        .send(body)
        .expect(400);
      const errors = [{ pointer: '', message: 'must be an object' }];
      expect(answer.body).toMatchObject({ code: 'invalid_request', errors });
      expect(await bookedAt(eventId)).toBe(1);
    });

    it('cancels as many of the newest tickets as requested', async () => {
      const eventId = await open(5);
      const { id, tickets, ...same } = await booked(eventId, { quantity: 3 });
      const { body } = await post(`/v1/bookings/${id}/cancel`, { quantity: 2 }).expect(200);
      const cancelled = [tickets[2], tickets[1]].map((ticket) => {
        return { ...ticket, status: 'CANCELLED' };
      });
      const booking = { id, ...same, quantity: 1, tickets: [tickets[0]] };
      expect(body).toEqual({ booking, tickets: cancelled });
    });

    it('cancels the named tickets and frees their seats', async () => {
      const { eventId, seatIds } = await openSeated(app.server, { rows: 1, perRow: 3 });
      const { id, tickets } = await booked(eventId, { seatIds });
      const ticketIds = [tickets[1].id.toUpperCase()];
      const { body } = await post(`/v1/bookings/${id}/cancel`, { ticketIds }).expect(200);
      expect(body.tickets).toEqual([{ ...tickets[1], status: 'CANCELLED' }]);
      expect(body.booking.tickets).toEqual([tickets[0], tickets[2]]);
      await book(eventId, { seatIds: [seatIds[1]] }).expect(201);
      const shown = (await get(`/v1/bookings/${id}`)).body.tickets;
      expect(shown[2]).toMatchObject({ status: 'CANCELLED', seat: { id: seatIds[1], number: 2 } });
    });

    it('promotes the waitlist into the freed places', async () => {
      const eventId = await open(2);
      const { id } = await booked(eventId, { quantity: 2 });
      await book(eventId, { identifier: 'bob' });
      await post(`/v1/bookings/${id}/cancel`).expect(200);
      expect((await get(`/status/${eventId}`)).body).toMatchObject({
        bookedTickets: 1,
        availableTickets: 1,
        waitingListCount: 0,
      });
    });

    it('refuses too large a quantity, foreign tickets and unknown bookings', async () => {
      const eventId = await open(5);
      const { id } = await booked(eventId);
      const other = await booked(eventId);
      const code = async (path: string, body: object, status: number): Promise<string> =>
        (await post(`/v1/bookings/${path}/cancel`, body).expect(status)).body.code;
      expect(await code(id, { quantity: 2 }, 409)).toBe('quantity_exceeds_booking');
      const ticketIds = [other.tickets[0].id];
      expect(await code(id, { ticketIds }, 404)).toBe('ticket_not_found');
      expect(await code(NOBODYS, {}, 404)).toBe('booking_not_found');
      expect(await code('x', {}, 404)).toBe('booking_not_found');
      await remove(`/v1/bookings/${id}`).expect(204);
      expect(await code(id, {}, 404)).toBe('booking_not_found');
      expect(await bookedAt(eventId)).toBe(1);
    });

    it.each([
      ['both quantity and ticketIds', { quantity: 1, ticketIds: [NOBODYS] }, '/ticketIds'],
      ['an empty list of tickets', { ticketIds: [] }, '/ticketIds'],
      ['a quantity of 0', { quantity: 0 }, '/quantity'],
      ['both quantity and qty', { quantity: 1, qty: 2 }, '/qty'],
      ['a malformed ticket id', { ticketIds: ['x'] }, '/ticketIds'],
      ['an unknown field', { identifier: 'ann' }, '/identifier'],
    ])('refuses %s', async (_, body, pointer) => {
      const answer = await post(`/v1/bookings/${NOBODYS}/cancel`, body).expect(400);
      expect(answer.body).toMatchObject({ code: 'invalid_request', errors: [{ pointer }] });
    });

    it('replays the first answer to a retry, whatever has happened since', async () => {
      const { id } = await booked(await open(3), { quantity: 3 });
      const cancel = () => post(`/v1/bookings/${id}/cancel`, { quantity: 1 }, 'cancel-1');
      const first = await cancel().expect(200);
      await post(`/v1/bookings/${id}/cancel`).expect(200);
      const again = await cancel().expect(200);
      expect(again.body).toEqual(first.body);
      expect(again.headers['idempotency-replayed']).toBe('true');
    });

    it('replays a refusal to a retry', async () => {
      const { id } = await booked(await open(2));
      const cancel = (body: object) => post(`/v1/bookings/${id}/cancel`, body, 'cancel-3');
      await cancel({ quantity: 2 }).expect(409);
      const again = await cancel({ quantity: 2 }).expect(409);
      expect(again.body).toMatchObject({ code: 'quantity_exceeds_booking', requested: 2, held: 1 });
      expect(again.headers['idempotency-replayed']).toBe('true');
      expect((await cancel({ quantity: 1 }).expect(422)).body.code).toBe('idempotency_key_reused');
    });

    it('replays a full cancellation with its original time', async () => {
      const { id } = await booked(await open(1));
      const first = await post(`/v1/bookings/${id}/cancel`, {}, 'cancel-2').expect(200);
      const again = await post(`/v1/bookings/${id}/cancel`, {}, 'cancel-2').expect(200);
      expect(again.body).toEqual(first.body);
      const { cancelledAt } = (await get(`/v1/bookings/${id}`)).body;
      expect(cancelledAt).toBe(first.body.booking.cancelledAt);
    });
  });

  describe('GET /v1/bookings', () => {
    it('lists the bookings of an event, newest first, along its cursors', async () => {
      const eventId = await open(10);
      const ids: string[] = [];
      for (let n = 0; n < 5; n += 1) ids.unshift((await booked(eventId, { quantity: 2 })).id);
      const seen: string[] = [];
      let path: string | undefined = `/v1/bookings?eventId=${eventId}&limit=2`;
      while (path !== undefined) {
        const { body, headers }: Response = await get(path).expect(200);
        seen.push(...idsOf(body));
        path = /^<(.+)>; rel="next"$/.exec(headers['link'] ?? '')?.[1];
        expect(body.hasMore).toBe(path !== undefined);
        if (path !== undefined) expect(path).toContain(encodeURIComponent(body.nextCursor));
      }
      expect(seen).toEqual(ids);
      const [first] = (await list({ eventId })).data;
      expect(first).toEqual((await get(`/v1/bookings/${ids[0]}`)).body);
    });

    it('lists bookings by page number', async () => {
      const eventId = await open(5);
      const ids: string[] = [];
      for (let n = 0; n < 5; n += 1) ids.unshift((await booked(eventId)).id);
      const page = async (number: number) => idsOf(await list({ eventId, limit: 2, page: number }));
      expect(await page(1)).toEqual(ids.slice(0, 2));
      expect(await page(2)).toEqual(ids.slice(2, 4));
      expect(await page(3)).toEqual(ids.slice(4));
      expect(await page(4)).toEqual([]);
      const { headers } = await get(`/v1/bookings?eventId=${eventId}&limit=2&page=2`);
      expect(headers['link']).not.toContain('page=');
      const [, next] = /<(.+)>/.exec(headers['link']!)!;
      expect(idsOf((await get(next!)).body)).toEqual(ids.slice(4));
    });

    it('filters bookings by person, event and status', async () => {
      const [eventId, otherId] = [await open(5), await open(5)];
      const [ann, bob] = [someone(), someone()];
      const first = await booked(eventId, { identifier: ann });
      const second = await booked(otherId, { identifier: ann });
      const third = await booked(eventId, { identifier: ann });
      const bobs = await booked(eventId, { identifier: bob });
      await remove(`/v1/bookings/${first.id}`).expect(204);
      const ids = async (query: object) => idsOf(await list(query));
      expect(await ids({ identifier: ` ${ann.toUpperCase()}` })).toEqual([
        third.id,
        second.id,
        first.id,
      ]);
      expect(await ids({ userId: ann, eventId })).toEqual([third.id, first.id]);
      expect(await ids({ identifier: ann, status: 'CONFIRMED' })).toEqual([third.id, second.id]);
      expect(await ids({ eventId, status: 'CANCELLED' })).toEqual([first.id]);
      expect(await ids({ eventId, status: 'CONFIRMED' })).toEqual([bobs.id, third.id]);
      expect(await ids({ identifier: ann, eventId, status: 'CANCELLED' })).toEqual([first.id]);
    });

    it('returns an empty list for an unknown person or event', async () => {
      const nothing = { data: [], nextCursor: null, hasMore: false };
      expect(await list({ identifier: someone() })).toEqual(nothing);
      expect(await list({ eventId: NOBODYS })).toEqual(nothing);
    });

    it('shows at most 100 tickets of a booking, the booked ones first', async () => {
      const eventId = await open(150);
      const { id } = await booked(eventId, { quantity: 150 });
      await post(`/v1/bookings/${id}/cancel`, { quantity: 60 }).expect(200);
      const [shown] = (await list({ eventId })).data as Listed[];
      const statuses = shown!.tickets.map(({ status }) => status);
      expect(statuses).toEqual([...Array(90).fill('BOOKED'), ...Array(10).fill('CANCELLED')]);
      expect(shown).toMatchObject({ quantity: 90 });
      expect((await get(`/v1/bookings/${id}`)).body.tickets).toHaveLength(150);
    });

    const cursor = (...keys: unknown[]) => Buffer.from(JSON.stringify(keys)).toString('base64url');

    it.each([
      ['neither an event nor a person', {}, '/eventId'],
      ['a status alone', { status: 'CONFIRMED' }, '/eventId'],
      ['a status that bookings never have', { eventId: NOBODYS, status: 'HELD' }, '/status'],
      ['a malformed event id', { eventId: 'x' }, '/eventId'],
      ['an empty identifier', { identifier: '' }, '/identifier'],
      ['both identifier and userId', { identifier: 'ann', userId: 'bob' }, '/userId'],
      ['a limit of 101', { limit: 101 }, '/limit'],
      ['a limit of 0', { limit: 0 }, '/limit'],
      ['page 0', { page: 0 }, '/page'],
      ['a page that is too deep', { page: 11, limit: 100 }, '/page'],
      ['a page and a cursor', { page: 1, cursor: cursor(NOBODYS) }, '/page'],
      ['a malformed cursor', { cursor: 'x' }, '/cursor'],
      ['the cursor of another list', { eventId: NOBODYS, cursor: cursor(NOBODYS, '1') }, '/cursor'],
      ['an unknown field', { sort: 'id' }, '/sort'],
    ])('refuses %s', async (_, query, pointer) => {
      const { body } = await get('/v1/bookings').query(query).expect(400);
      expect(body).toMatchObject({ code: 'invalid_request', errors: [{ pointer }] });
    });
  });
});
