import request, { type Response } from 'supertest';
import { countsOf, openSeated, type SeatedHouse, useApp, useDatabase } from '../kit/index.js';
import { eventually } from '../kit/eventually.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const NOBODYS = '01939c5e-0000-7000-8000-000000000000';

const idOf = ({ id }: { id: string }): string => id;
const seatOf = ({ seatId }: { seatId: string }): string => seatId;

describe('seats', () => {
  const database = useDatabase();
  const app = useApp(database);

  const post = (path: string, body?: object, key?: string) => {
    const sent = request(app.server).post(path);
    return (key === undefined ? sent : sent.set('Idempotency-Key', key)).send(body);
  };
  const get = (path: string) => request(app.server).get(path);
  const house = (rows = 1, perRow = 3, more: object = {}): Promise<SeatedHouse> =>
    openSeated(app.server, { rows, perRow, more });
  const reserve = (seatId = '', identifier = 'ann', key?: string) =>
    post(`/v1/seats/${seatId}/reserve`, { identifier }, key);
  const release = (seatId = '', identifier = 'ann', key?: string) =>
    post(`/v1/seats/${seatId}/release`, { identifier }, key);
  const seatsAt = async (eventId: string, query: object = {}) =>
    (await get(`/v1/events/${eventId}/seats`).query(query).expect(200)).body;
  const statuses = async (eventId: string): Promise<string[]> =>
    (await seatsAt(eventId)).data.map(({ status }: { status: string }) => status);

  it('finds adjacent seats behind any number of single ones', async () => {
    const rows = Array.from({ length: 60 }, (_, nth) => `R${nth + 1}`);
    const sections = [{ name: 'Stalls', seats: { rows, perRow: 100 } }];
    const { body: event } = await post('/v1/events', { name: 'Opera', sections }).expect(201);
    const eventId: string = event.id;
    // Every second seat of the first 41 rows is sold: 2,050 single seats are left there.
    const sold: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null && sold.length < 2_050;) {
      const page = await seatsAt(eventId, cursor === undefined ? {} : { cursor });
      const even = page.data.filter(({ number }: { number: number }) => number % 2 === 0);
      sold.push(...even.map(idOf));
      cursor = page.nextCursor;
    }
    for (let from = 0; from < 2_050; from += 50) {
      const seatIds = sold.slice(from, Math.min(from + 50, 2_050));
      await post('/v1/bookings', { eventId, identifier: `p${from}`, seatIds }).expect(201);
    }
    const held = await post('/v1/holds', { eventId, identifier: 'ann', quantity: 2 }).expect(201);
    const { tickets } = (await post('/book', { eventId, identifier: 'bob', qty: 3 }).expect(201))
      .body;
    const all = await seatsAt(eventId, { status: 'AVAILABLE' });
    const placeOf = async (ids: readonly string[]) =>
      database.query(
        'SELECT row_name AS name, seat_number AS number FROM seats WHERE id IN (?) ORDER BY position',
        [ids],
      );
    expect(all.data[0]).toMatchObject({ row: 'R1', number: 1 });
    expect(await placeOf(held.body.seatIds)).toEqual([
      { name: 'R42', number: 1 },
      { name: 'R42', number: 2 },
    ]);
    expect(await placeOf(tickets.map(seatOf))).toMatchObject([
      { name: 'R42', number: 3 },
      { name: 'R42', number: 4 },
      { name: 'R42', number: 5 },
    ]);
  });

  describe('GET /v1/events/:id/seats', () => {
    it('lists seats in the order of the seating plan, without their people', async () => {
      const { eventId, sectionId, seatIds } = await house(2, 2);
      await reserve(seatIds[0]).expect(201);
      await post('/v1/holds', { eventId, identifier: 'bob', seatIds: [seatIds[2]] }).expect(201);
      const seat = (index: number, row: string, number: number, status: string) => {
        return { id: seatIds[index], sectionId, row, number, status };
      };
      expect(await seatsAt(eventId)).toEqual({
        data: [
          seat(0, 'A', 1, 'BOOKED'),
          seat(1, 'A', 2, 'AVAILABLE'),
          seat(2, 'B', 1, 'HELD'),
          seat(3, 'B', 2, 'AVAILABLE'),
        ],
        nextCursor: null,
        hasMore: false,
      });
    });

    it('lists seats page by page, across sections and by status', async () => {
      const sections = [
        { name: 'Stalls', seats: { rows: ['A', 'B', 'C'], perRow: 3 } },
        { name: 'Standing', capacity: 5 },
        { name: 'Balcony', seats: { rows: ['A', 'B'], perRow: 2 } },
      ];
      const { body: event } = await post('/v1/events', { name: 'Opera', sections }).expect(201);
      const eventId: string = event.id;
      const [stalls, standing, balcony]: string[] = event.sections.map(idOf);
      const ofSection = new Map<string, string[]>();
      for (const sectionId of [stalls!, standing!, balcony!].sort()) {
        ofSection.set(sectionId, (await seatsAt(eventId, { sectionId })).data.map(idOf));
      }
      const all = [...ofSection.values()].flat();
      expect(all).toHaveLength(13);
      const [taken] = ofSection.get(balcony!)!;
      await reserve(taken).expect(201);
      const walk = async (query: string): Promise<string[]> => {
        const seen: string[] = [];
        let path: string | undefined = `/v1/events/${eventId}/seats?limit=2${query}`;
        while (path !== undefined) {
          const { body, headers }: Response = await get(path).expect(200);
          seen.push(...body.data.map(idOf));
          path = /^<(.+)>; rel="next"$/.exec(headers['link'] ?? '')?.[1];
        }
        return seen;
      };
      expect(await walk('')).toEqual(all);
      expect(await walk('&status=BOOKED')).toEqual([taken]);
      expect(await walk('&status=AVAILABLE')).toEqual(all.filter((id) => id !== taken));
      expect(await walk(`&sectionId=${balcony}`)).toEqual(ofSection.get(balcony!));
      expect(await walk(`&sectionId=${standing}`)).toEqual([]);
    });

    it('lists none for an event without seats', async () => {
      const { body } = await post('/initialize', { name: 'Fair', totalTickets: 5 });
      expect(await seatsAt(body.id)).toEqual({ data: [], nextCursor: null, hasMore: false });
    });

    it('shows a seat as AVAILABLE soon after its hold has expired', async () => {
      const { eventId, seatIds } = await house(1, 1);
      const wish = { eventId, identifier: 'ann', seatIds, ttlSeconds: 1 };
      await post('/v1/holds', wish).expect(201);
      expect(await statuses(eventId)).toEqual(['HELD']);
      const isFree = async () => (await statuses(eventId))[0] === 'AVAILABLE';
      await eventually('the seat is free', isFree, 4_000);
    });

    it('accepts a limit of 1,000', async () => {
      expect((await seatsAt((await house()).eventId, { limit: 1_000 })).data).toHaveLength(3);
    });

    it('answers 404 for an unknown event or section', async () => {
      const code = async (path: string) => (await get(path).expect(404)).body.code;
      expect(await code(`/v1/events/${NOBODYS}/seats`)).toBe('event_not_found');
      expect(await code('/v1/events/x/seats')).toBe('event_not_found');
      const { eventId } = await house();
      const path = `/v1/events/${eventId}/seats?sectionId=${NOBODYS}`;
      expect(await code(path)).toBe('section_not_found');
    });

    const cursor = (...keys: unknown[]) => Buffer.from(JSON.stringify(keys)).toString('base64url');

    it.each([
      ['a limit of 1,001', { limit: 1_001 }, '/limit'],
      ['an unknown status', { status: 'FREE' }, '/status'],
      ['a malformed section id', { sectionId: 'x' }, '/sectionId'],
      ['the cursor of another list', { cursor: cursor(NOBODYS) }, '/cursor'],
      ['a malformed cursor', { cursor: cursor('x', 'y') }, '/cursor'],
      ['an unknown field', { row: 'A' }, '/row'],
    ])('refuses %s', async (_, query, pointer) => {
      const { body } = await get(`/v1/events/${NOBODYS}/seats`).query(query).expect(400);
      expect(body).toMatchObject({ code: 'invalid_request', errors: [{ pointer }] });
    });
  });

  describe('POST /v1/seats/:id/reserve', () => {
    it('books a seat', async () => {
      const { eventId, seatIds } = await house();
      const { body, headers } = await reserve(seatIds[1]).expect(201);
      expect(body).toEqual({
        ticket: {
          id: expect.stringMatching(UUID),
          eventId,
          userId: expect.stringMatching(UUID),
          status: 'BOOKED',
          seatId: seatIds[1],
          seat: { id: seatIds[1], row: 'A', number: 2 },
        },
        bookingId: expect.stringMatching(UUID),
        price: null,
      });
      expect(headers['location']).toBe(`/v1/bookings/${body.bookingId}`);
      expect(await statuses(eventId)).toEqual(['AVAILABLE', 'BOOKED', 'AVAILABLE']);
    });

    it('refuses a seat that is booked, held or unknown', async () => {
      const { eventId, seatIds } = await house();
      const code = async (seatId = '', status = 409): Promise<string> =>
        (await reserve(seatId, 'bob').expect(status)).body.code;
      await reserve(seatIds[0]).expect(201);
      expect(await code(seatIds[0])).toBe('seat_taken');
      await post('/v1/holds', { eventId, identifier: 'ann', seatIds: [seatIds[1]] }).expect(201);
      expect(await code(seatIds[1])).toBe('seat_taken');
      expect(await code(NOBODYS, 404)).toBe('seat_not_found');
      expect(await code('x', 404)).toBe('seat_not_found');
    });

    it('refuses seats of a draft and seats above the limit per person', async () => {
      const draft = await house(1, 1, { status: 'DRAFT' });
      const code = async (seatId = ''): Promise<string> =>
        (await reserve(seatId).expect(409)).body.code;
      expect(await code(draft.seatIds[0])).toBe('event_not_on_sale');
      const { seatIds } = await house(1, 2, { limits: { maxPerPerson: 1 } });
      await reserve(seatIds[0]).expect(201);
      const { body } = await reserve(seatIds[1]).expect(409);
      expect(body).toMatchObject({ code: 'limit_exceeded', per: 'person', limit: 1, has: 1 });
    });

    it('refuses a free seat that belongs to the waitlist', async () => {
      const { eventId, seatIds } = await house(1, 2);
      await reserve(seatIds[0]).expect(201);
      const wish = { eventId, identifier: 'bob', quantity: 2 };
      expect((await post('/book', wish).expect(201)).body.waitlisted).toBe(true);
      expect((await reserve(seatIds[1], 'eve').expect(409)).body.code).toBe('sold_out');
    });

    it.each([
      ['a missing identifier', {}, '/identifier'],
      ['both identifier and userId', { identifier: 'ann', userId: 'bob' }, '/userId'],
      ['an unknown field', { identifier: 'ann', quantity: 1 }, '/quantity'],
    ])('refuses %s', async (_, body, pointer) => {
      const answer = await post(`/v1/seats/${NOBODYS}/reserve`, body).expect(400);
      expect(answer.body).toMatchObject({ code: 'invalid_request', errors: [{ pointer }] });
    });

    it('replays the first answer to a retry with the same idempotency key', async () => {
      const { seatIds } = await house();
      const first = await reserve(seatIds[0], 'ann', 'reserve-1').expect(201);
      const again = await reserve(seatIds[0], 'ann', 'reserve-1').expect(201);
      expect(again.body).toEqual(first.body);
      expect(again.headers['idempotency-replayed']).toBe('true');
      await reserve(seatIds[1], 'ann', 'reserve-1').expect(422);
    });

    it('replays a refusal to a retry', async () => {
      const { seatIds } = await house();
      await reserve(seatIds[0]).expect(201);
      await reserve(seatIds[0], 'bob', 'reserve-2').expect(409);
      await release(seatIds[0]).expect(200);
      const again = await reserve(seatIds[0], 'bob', 'reserve-2').expect(409);
      expect(again.body.code).toBe('seat_taken');
      expect(again.headers['idempotency-replayed']).toBe('true');
    });
  });

  describe('POST /v1/seats/:id/release', () => {
    it('releases a seat and promotes the waitlist into it', async () => {
      const { eventId, seatIds } = await house(1, 1);
      const { ticket } = (await reserve(seatIds[0])).body;
      await post('/book', { eventId, identifier: 'bob' }).expect(201);
      const { body } = await release(seatIds[0]).expect(200);
      expect(body).toEqual({ ticket: { ...ticket, status: 'CANCELLED' } });
      expect(await statuses(eventId)).toEqual(['BOOKED']);
      await release(seatIds[0], 'bob').expect(200);
      expect(await statuses(eventId)).toEqual(['AVAILABLE']);
    });

    it('refuses a seat that the person has not booked, and an unknown one', async () => {
      const { seatIds } = await house();
      const code = async (seatId = '', who = 'bob'): Promise<string> =>
        (await release(seatId, who).expect(404)).body.code;
      await reserve(seatIds[0]).expect(201);
      expect(await code(seatIds[0])).toBe('ticket_not_found');
      expect(await code(seatIds[1])).toBe('ticket_not_found');
      expect(await code(seatIds[0], 'nobody that is known')).toBe('ticket_not_found');
      expect(await code(NOBODYS)).toBe('seat_not_found');
      expect(await code('x')).toBe('seat_not_found');
    });

    it.each([
      ['a missing identifier', {}, '/identifier'],
      ['both identifier and userId', { identifier: 'ann', userId: 'bob' }, '/userId'],
      ['an unknown field', { identifier: 'ann', quantity: 1 }, '/quantity'],
    ])('refuses %s', async (_, body, pointer) => {
      const answer = await post(`/v1/seats/${NOBODYS}/release`, body).expect(400);
      expect(answer.body).toMatchObject({ code: 'invalid_request', errors: [{ pointer }] });
    });

    it('replays the first answer to a retry with the same idempotency key', async () => {
      const { seatIds } = await house();
      await reserve(seatIds[0]).expect(201);
      const first = await release(seatIds[0], 'ann', 'give-1').expect(200);
      const again = await release(seatIds[0], 'ann', 'give-1').expect(200);
      expect(again.body).toEqual(first.body);
      expect(again.headers['idempotency-replayed']).toBe('true');
    });
  });

  describe('the best seats', () => {
    it('are adjacent, even if only a later row has enough', async () => {
      const { eventId, seatIds } = await house(2, 4);
      await reserve(seatIds[2]).expect(201);
      // A1, A2 and A4 are free in the first row: three seats, but only two of them adjacent.
      const wish = { eventId, identifier: 'bob', quantity: 3 };
      const { tickets } = (await post('/v1/bookings', wish).expect(201)).body;
      expect(tickets.map(seatOf)).toEqual(seatIds.slice(4, 7));
    });

    it('are not adjacent if no row has enough adjacent seats', async () => {
      const { eventId, seatIds } = await house(2, 2);
      await reserve(seatIds[1]).expect(201);
      const wish = { eventId, identifier: 'bob', quantity: 3 };
      const { tickets } = (await post('/book', wish).expect(201)).body;
      expect(tickets.map(seatOf)).toEqual([seatIds[0], seatIds[2], seatIds[3]]);
    });
  });

  it('sells the last seat to exactly one of twenty callers', async () => {
    const { eventId, seatIds } = await house(1, 1);
    const callers = Array.from({ length: 20 }, (_, nth) => reserve(seatIds[0], `caller-${nth}`));
    expect(countsOf(await Promise.all(callers))).toEqual({ '201': 1, '409 seat_taken': 19 });
    expect(await statuses(eventId)).toEqual(['BOOKED']);
  });

  it('cannot be sold twice, because the database forbids it as well', async () => {
    const { eventId, seatIds } = await house();
    const sell = (seatId = '', ticketId = ''): Promise<unknown> =>
      database.query('INSERT INTO booked_seats (id, event_id, ticket_id) VALUES (?, ?, ?)', [
        seatId,
        eventId,
        ticketId,
      ]);
    await reserve(seatIds[0]).expect(201);
    const { body: fair } = await post('/initialize', { name: 'Fair', totalTickets: 1 });
    const { body: other } = await post('/book', { eventId: fair.id, identifier: 'bob' });
    const ticketId = other.tickets[0].id;
    await expect(sell(seatIds[0], ticketId)).rejects.toMatchObject({ code: 'ER_DUP_ENTRY' });
    // Another seat is accepted with the same ticket, so it was the seat that was refused.
    await sell(seatIds[1], ticketId);
    await database.query('DELETE FROM booked_seats WHERE ticket_id = ?', [ticketId]);
  });
});
