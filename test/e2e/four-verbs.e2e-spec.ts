import request from 'supertest';
import { useApp, useDatabase } from '../kit/index.js';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const NOBODYS_EVENT = '01939c5e-0000-7000-8000-000000000000';

describe('the four verbs', () => {
  const database = useDatabase();
  const app = useApp(database);

  const post = (path: string, body: object) => request(app.server).post(path).send(body);
  const status = async (eventId: string) =>
    (await request(app.server).get(`/status/${eventId}`).expect(200)).body;
  const open = async (totalTickets: number): Promise<string> =>
    (await post('/initialize', { name: 'First night', totalTickets }).expect(201)).body.id;
  const book = (eventId: string, identifier: string, more: object = {}) =>
    post('/book', { eventId, identifier, ...more });
  const cancel = (eventId: string, identifier: string, more: object = {}) =>
    post('/cancel', { eventId, identifier, ...more });

  describe('POST /initialize', () => {
    it('creates an event with all its tickets available', async () => {
      const { body } = await post('/initialize', { name: 'Gala', totalTickets: 3 }).expect(201);
      expect(body).toEqual({
        id: expect.stringMatching(UUID),
        name: 'Gala',
        status: 'PUBLISHED',
        totalTickets: 3,
        availableTickets: 3,
        bookedTickets: 0,
        heldTickets: 0,
        waitingListCount: 0,
        bookingCount: 0,
        version: 1,
        description: null,
        venue: null,
        startsAt: null,
        endsAt: null,
        limits: { maxPerBooking: null, maxPerPerson: null },
        waitlist: {
          enabled: true,
          maxSize: null,
          fit: 'strict',
          mode: 'auto',
          offerTtlSeconds: 43_200,
        },
        sections: [
          {
            id: expect.stringMatching(UUID),
            name: 'General Admission',
            capacity: 3,
            price: null,
            isSeated: false,
            availableTickets: 3,
            bookedTickets: 0,
            heldTickets: 0,
            waitingListCount: 0,
          },
        ],
        createdAt: expect.stringMatching(TIME),
        updatedAt: expect.stringMatching(TIME),
      });
      const { id, ...opened } = body;
      const { sections, ...now } = await status(id);
      expect({ ...opened, eventId: id }).toMatchObject(now);
      expect(body.sections).toMatchObject(sections);
    });

    it.each([1, 1_000_000])('accepts %i tickets', async (totalTickets) => {
      const { body } = await post('/initialize', { name: 'x', totalTickets }).expect(201);
      expect(body.availableTickets).toBe(totalTickets);
    });

    it.each([
      ['a missing name', { totalTickets: 1 }, '/name'],
      ['an empty name', { name: '', totalTickets: 1 }, '/name'],
      ['a blank name', { name: '  ', totalTickets: 1 }, '/name'],
      ['a name of 201 characters', { name: 'x'.repeat(201), totalTickets: 1 }, '/name'],
      ['a name with NUL', { name: 'a\0b', totalTickets: 1 }, '/name'],
      ['a name that is a list', { name: ['x'], totalTickets: 1 }, '/name'],
      ['a missing totalTickets', { name: 'x' }, '/totalTickets'],
      ['a totalTickets of 0', { name: 'x', totalTickets: 0 }, '/totalTickets'],
      ['a negative totalTickets', { name: 'x', totalTickets: -1 }, '/totalTickets'],
      ['more than 1,000,000 tickets', { name: 'x', totalTickets: 1_000_001 }, '/totalTickets'],
      ['half a ticket', { name: 'x', totalTickets: 1.5 }, '/totalTickets'],
      ['a totalTickets that is a string', { name: 'x', totalTickets: '5' }, '/totalTickets'],
      ['a totalTickets of null', { name: 'x', totalTickets: null }, '/totalTickets'],
      ['an unknown field', { name: 'x', totalTickets: 1, admin: true }, '/admin'],
    ])('refuses %s', async (_, body, pointer) => {
      const answer = await post('/initialize', body).expect(400);
      expect(answer.body).toMatchObject({ code: 'invalid_request', errors: [{ pointer }] });
    });
  });

  describe('POST /book', () => {
    it('books one ticket by default', async () => {
      const eventId = await open(2);
      const { body } = await book(eventId, 'ann@example.org').expect(201);
      expect(body).toEqual({
        waitlisted: false,
        bookingId: expect.stringMatching(UUID),
        price: null,
        tickets: [
          {
            id: expect.stringMatching(UUID),
            eventId,
            userId: expect.stringMatching(UUID),
            status: 'BOOKED',
          },
        ],
      });
      expect(await status(eventId)).toMatchObject({
        totalTickets: 2,
        availableTickets: 1,
        bookedTickets: 1,
        bookingCount: 1,
        waitingListCount: 0,
      });
    });

    it('books several tickets as one booking', async () => {
      const eventId = await open(5);
      const { body } = await book(eventId, 'ann', { quantity: 3 }).expect(201);
      expect(new Set(body.tickets.map((ticket: { id: string }) => ticket.id)).size).toBe(3);
      expect(await status(eventId)).toMatchObject({ bookedTickets: 3, bookingCount: 1 });
    });

    it('accepts userId and qty as other names for identifier and quantity', async () => {
      const eventId = await open(5);
      const mixed = await post('/book', { eventId, userId: 'Ann', qty: 2 }).expect(201);
      const plain = await post('/book', { eventId, identifier: ' ann ' }).expect(201);
      expect(mixed.body.tickets).toHaveLength(2);
      expect(plain.body.tickets[0].userId).toBe(mixed.body.tickets[0].userId);
    });

    it('accepts both names of a field only if they agree', async () => {
      const eventId = await open(5);
      const same = { eventId, identifier: 'ann', userId: 'ann', quantity: 2, qty: 2 };
      await post('/book', same).expect(201);
      const { body } = await post('/book', { ...same, qty: 1 }).expect(400);
      expect(body.errors).toEqual([{ pointer: '/qty', message: 'must equal quantity' }]);
    });

    it('ignores case and surrounding spaces of identifiers, but not accents', async () => {
      const eventId = await open(5);
      const userOf = async (identifier: string): Promise<string> =>
        (await book(eventId, identifier).expect(201)).body.tickets[0].userId;
      const jose = await userOf('jose@example.org');
      expect(await userOf(' JOSE@Example.org ')).toBe(jose);
      expect(await userOf('josé@example.org')).not.toBe(jose);
      expect(await userOf('jose\u0301@example.org')).toBe(await userOf('jos\u00e9@example.org'));
    });

    it('adds people to the waitlist of a full event, with exact positions', async () => {
      const eventId = await open(1);
      await book(eventId, 'ann').expect(201);
      const bob = await book(eventId, 'bob').expect(201);
      expect(bob.body).toEqual({
        waitlisted: true,
        waitingEntry: {
          id: expect.stringMatching(UUID),
          eventId,
          userId: expect.stringMatching(UUID),
          quantity: 1,
          position: 1,
          status: 'WAITING',
        },
      });
      const cid = await book(eventId, 'cid').expect(201);
      expect(cid.body.waitingEntry.position).toBe(2);
      await cancel(eventId, 'bob').expect(200);
      const dan = await book(eventId, 'dan').expect(201);
      expect(dan.body.waitingEntry.position).toBe(2);
      expect(await status(eventId)).toMatchObject({ waitingListCount: 2, availableTickets: 0 });
    });

    it('lets nobody overtake: free places belong to the waitlist', async () => {
      const eventId = await open(3);
      await book(eventId, 'ann', { quantity: 2 }).expect(201);
      const bob = await book(eventId, 'bob', { quantity: 2 }).expect(201);
      expect(bob.body.waitlisted).toBe(true);
      expect(await status(eventId)).toMatchObject({ availableTickets: 1 });
      const cid = await book(eventId, 'cid').expect(201);
      expect(cid.body.waitingEntry).toMatchObject({ position: 2 });
    });

    it('refuses instead of joining the waitlist with onSoldOut "refuse"', async () => {
      const eventId = await open(1);
      await book(eventId, 'ann', { onSoldOut: 'refuse' }).expect(201);
      const { body } = await book(eventId, 'bob', { onSoldOut: 'refuse' }).expect(409);
      expect(body).toMatchObject({ code: 'sold_out', status: 409 });
      expect(await status(eventId)).toMatchObject({ waitingListCount: 0, version: 2 });
    });

    it('refuses a second waitlist entry of the same person', async () => {
      const eventId = await open(1);
      await book(eventId, 'ann').expect(201);
      await book(eventId, 'bob').expect(201);
      const { body } = await book(eventId, 'bob').expect(409);
      expect(body.code).toBe('already_waiting');
    });

    it('refuses a quantity above the capacity', async () => {
      const eventId = await open(3);
      const { body } = await book(eventId, 'ann', { quantity: 4 }).expect(409);
      expect(body).toMatchObject({ code: 'exceeds_capacity', requested: 4, capacity: 3 });
    });

    it('refuses more than 10,000 tickets in one booking', async () => {
      const eventId = await open(20_000);
      const { body } = await book(eventId, 'ann', { quantity: 10_001 }).expect(409);
      expect(body).toMatchObject({ code: 'limit_exceeded', limit: 10_000 });
      const all = await book(eventId, 'ann', { quantity: 10_000 }).expect(201);
      expect(all.body.tickets).toHaveLength(10_000);
    });

    it('stores no user for a refused booking', async () => {
      const eventId = await open(1);
      await book(eventId, 'refused@example.org', { quantity: 2 }).expect(409);
      const users = await database.query('SELECT id FROM users WHERE identifier = ?', [
        'refused@example.org',
      ]);
      expect(users).toEqual([]);
    });

    it('accepts a section id of the event and answers 404 for any other', async () => {
      const eventId = await open(1);
      const [section] = (await status(eventId)).sections;
      await book(eventId, 'ann', { sectionId: section.id.toUpperCase() }).expect(201);
      const { body } = await book(eventId, 'ann', { sectionId: eventId }).expect(404);
      expect(body.code).toBe('section_not_found');
    });

    it('answers 404 for an event that does not exist', async () => {
      const { body } = await book(NOBODYS_EVENT, 'ann').expect(404);
      expect(body.code).toBe('event_not_found');
    });

    it('refuses a booking for an event that is not on sale', async () => {
      const eventId = await open(1);
      await database.query("UPDATE sections SET sales = 'CLOSED' WHERE event_id = ?", [eventId]);
      const { body } = await book(eventId, 'ann').expect(409);
      expect(body.code).toBe('event_not_on_sale');
    });

    const eventId = NOBODYS_EVENT;
    it.each([
      ['a missing event', { identifier: 'a' }, '/eventId'],
      ['an event id that is no UUID', { eventId: '42', identifier: 'a' }, '/eventId'],
      ['an event id that is a list', { eventId: [eventId], identifier: 'a' }, '/eventId'],
      ['a missing identifier', { eventId }, '/identifier'],
      ['an empty identifier', { eventId, identifier: ' ' }, '/identifier'],
      ['an identifier of 256 characters', { eventId, identifier: 'x'.repeat(256) }, '/identifier'],
      ['NUL in an identifier', { eventId, identifier: 'a\0' }, '/identifier'],
      ['a line break in an identifier', { eventId, identifier: 'a\nb' }, '/identifier'],
      ['half a surrogate pair in an identifier', { eventId, identifier: 'a\ud800' }, '/identifier'],
      ['an identifier that is a number', { eventId, identifier: 1 }, '/identifier'],
      ['an identifier that is an object', { eventId, identifier: { a: 1 } }, '/identifier'],
      ['an empty userId', { eventId, userId: '' }, '/userId'],
      ['quantity 0', { eventId, identifier: 'a', quantity: 0 }, '/quantity'],
      ['quantity −1', { eventId, identifier: 'a', quantity: -1 }, '/quantity'],
      ['quantity 1.5', { eventId, identifier: 'a', quantity: 1.5 }, '/quantity'],
      ['quantity as a string', { eventId, identifier: 'a', quantity: '1' }, '/quantity'],
      ['quantity null', { eventId, identifier: 'a', quantity: null }, '/quantity'],
      ['quantity 10^15', { eventId, identifier: 'a', quantity: 1e15 }, '/quantity'],
      ['qty 0', { eventId, identifier: 'a', qty: 0 }, '/qty'],
      ['an unknown onSoldOut', { eventId, identifier: 'a', onSoldOut: 'cry' }, '/onSoldOut'],
      ['an unknown field', { eventId, identifier: 'a', price: 0 }, '/price'],
    ])('refuses %s', async (_, body, pointer) => {
      const answer = await post('/book', body).expect(400);
      expect(answer.body).toMatchObject({ code: 'invalid_request', errors: [{ pointer }] });
    });

    it('accepts identifiers of 255 characters, counted as code points', async () => {
      const event = await open(2);
      await book(event, '😀'.repeat(255)).expect(201);
      await book(event, '😀'.repeat(256)).expect(400);
    });
  });

  describe('POST /cancel', () => {
    it('cancels the newest ticket by default', async () => {
      const eventId = await open(5);
      await book(eventId, 'ann').expect(201);
      const { body: newest } = await book(eventId, 'ann').expect(201);
      const { body } = await cancel(eventId, 'ANN').expect(200);
      const [ticket] = newest.tickets;
      expect(body).toEqual({
        ticket: { ...ticket, status: 'CANCELLED' },
        tickets: [{ ...ticket, status: 'CANCELLED' }],
      });
      expect(await status(eventId)).toMatchObject({ bookedTickets: 1, bookingCount: 1 });
    });

    it('cancels the requested number of tickets, across bookings', async () => {
      const eventId = await open(9);
      const first = await book(eventId, 'ann', { quantity: 2 }).expect(201);
      await book(eventId, 'ann', { quantity: 2 }).expect(201);
      const { body } = await cancel(eventId, 'ann', { qty: 3 }).expect(200);
      expect(body.tickets).toHaveLength(3);
      const left = await database.query('SELECT quantity, status FROM bookings WHERE id = ?', [
        first.body.bookingId,
      ]);
      expect(left).toEqual([{ quantity: 1, status: 'CONFIRMED' }]);
      expect(await status(eventId)).toMatchObject({ bookedTickets: 1, bookingCount: 1 });
    });

    it('cancels the named tickets', async () => {
      const eventId = await open(5);
      const { body: booked } = await book(eventId, 'ann', { quantity: 3 }).expect(201);
      const ticketIds = [booked.tickets[0].id.toUpperCase(), booked.tickets[2].id];
      const { body } = await cancel(eventId, 'ann', { ticketIds }).expect(200);
      expect(body.tickets.map((ticket: { id: string }) => ticket.id)).toEqual([
        booked.tickets[0].id,
        booked.tickets[2].id,
      ]);
    });

    it('cancels a whole booking or a part of it', async () => {
      const eventId = await open(9);
      const { body: one } = await book(eventId, 'ann', { quantity: 3 }).expect(201);
      await book(eventId, 'ann', { quantity: 3 }).expect(201);
      const some = await cancel(eventId, 'ann', { bookingId: one.bookingId, quantity: 1 });
      expect(some.body.tickets).toHaveLength(1);
      const rest = await cancel(eventId, 'ann', { bookingId: one.bookingId }).expect(200);
      expect(rest.body.tickets).toHaveLength(2);
      await cancel(eventId, 'ann', { bookingId: one.bookingId }).expect(404);
      expect(await status(eventId)).toMatchObject({ bookedTickets: 3, bookingCount: 1 });
    });

    it('promotes the head into the freed place, and then the next entry', async () => {
      const eventId = await open(1);
      await book(eventId, 'ann').expect(201);
      await book(eventId, 'bob').expect(201);
      await book(eventId, 'cid').expect(201);
      await cancel(eventId, 'ann').expect(200);
      expect(await status(eventId)).toMatchObject({ bookedTickets: 1, waitingListCount: 1 });
      const { body } = await cancel(eventId, 'bob').expect(200);
      expect(body.tickets).toHaveLength(1);
      expect(await status(eventId)).toMatchObject({ bookedTickets: 1, waitingListCount: 0 });
    });

    it('promotes in order and stops at a head that does not fit', async () => {
      const eventId = await open(4);
      await book(eventId, 'ann', { quantity: 4 }).expect(201);
      await book(eventId, 'bob').expect(201);
      await book(eventId, 'cid', { quantity: 3 }).expect(201);
      await book(eventId, 'dan').expect(201);
      await cancel(eventId, 'ann', { quantity: 3 }).expect(200);
      expect(await status(eventId)).toMatchObject({ availableTickets: 2, waitingListCount: 2 });
      await cancel(eventId, 'ann').expect(200);
      expect(await status(eventId)).toMatchObject({ availableTickets: 0, waitingListCount: 1 });
    });

    it('lets a person without tickets leave the waitlist, and promotes those behind', async () => {
      const eventId = await open(2);
      await book(eventId, 'ann').expect(201);
      const big = await book(eventId, 'bob', { quantity: 2 }).expect(201);
      await book(eventId, 'cid').expect(201);
      const { body } = await cancel(eventId, 'bob').expect(200);
      expect(body).toEqual({
        waitingEntry: { ...big.body.waitingEntry, position: null, status: 'LEFT' },
      });
      expect(await status(eventId)).toMatchObject({ availableTickets: 0, waitingListCount: 0 });
    });

    it('cancels a ticket of a person who also waits, and keeps their entry', async () => {
      const eventId = await open(1);
      await book(eventId, 'ann').expect(201);
      await book(eventId, 'bob').expect(201);
      await book(eventId, 'ann').expect(201);
      const { body } = await cancel(eventId, 'ann').expect(200);
      expect(body.ticket.status).toBe('CANCELLED');
      expect(await status(eventId)).toMatchObject({ bookedTickets: 1, waitingListCount: 1 });
    });

    it('puts a person who left and joined again at the end', async () => {
      const eventId = await open(1);
      await book(eventId, 'ann').expect(201);
      await book(eventId, 'bob').expect(201);
      await book(eventId, 'cid').expect(201);
      await cancel(eventId, 'bob').expect(200);
      const { body } = await book(eventId, 'bob').expect(201);
      expect(body.waitingEntry.position).toBe(2);
    });

    it('does not revive the entry of a promoted booking that is cancelled', async () => {
      const eventId = await open(1);
      await book(eventId, 'ann').expect(201);
      await book(eventId, 'bob').expect(201);
      await cancel(eventId, 'ann').expect(200);
      await cancel(eventId, 'bob').expect(200);
      expect(await status(eventId)).toMatchObject({ availableTickets: 1, waitingListCount: 0 });
    });

    it('answers 404 to a second cancellation', async () => {
      const eventId = await open(1);
      await book(eventId, 'ann').expect(201);
      await cancel(eventId, 'ann').expect(200);
      const { body } = await cancel(eventId, 'ann').expect(404);
      expect(body.code).toBe('booking_not_found');
    });

    it('refuses to cancel more tickets than the person has', async () => {
      const eventId = await open(5);
      await book(eventId, 'ann', { quantity: 2 }).expect(201);
      const { body } = await cancel(eventId, 'ann', { quantity: 3 }).expect(409);
      expect(body).toMatchObject({ code: 'quantity_exceeds_booking', requested: 3, held: 2 });
      expect(await status(eventId)).toMatchObject({ bookedTickets: 2 });
    });

    it('answers for tickets of another person as if they did not exist', async () => {
      const eventId = await open(5);
      const { body: anns } = await book(eventId, 'ann').expect(201);
      await book(eventId, 'bob').expect(201);
      const ticketIds = [anns.tickets[0].id];
      const byTicket = await cancel(eventId, 'bob', { ticketIds }).expect(404);
      expect(byTicket.body.code).toBe('ticket_not_found');
      const byBooking = await cancel(eventId, 'bob', { bookingId: anns.bookingId }).expect(404);
      expect(byBooking.body.code).toBe('booking_not_found');
      const unknown = await cancel(eventId, 'bob', { bookingId: NOBODYS_EVENT }).expect(404);
      const { requestId: _a, ...told } = byBooking.body;
      const { requestId: _b, ...toldOfNothing } = unknown.body;
      expect(told).toEqual(toldOfNothing);
    });

    it('cancels none of several tickets if one of them does not exist', async () => {
      const eventId = await open(5);
      const { body } = await book(eventId, 'ann', { quantity: 2 }).expect(201);
      const ticketIds = [body.tickets[0].id, NOBODYS_EVENT];
      await cancel(eventId, 'ann', { ticketIds }).expect(404);
      expect(await status(eventId)).toMatchObject({ bookedTickets: 2 });
    });

    const eventId = NOBODYS_EVENT;
    const identifier = 'a';
    it.each([
      ['a missing event', { identifier }, '/eventId'],
      ['a missing identifier', { eventId }, '/identifier'],
      ['quantity 0', { eventId, identifier, quantity: 0 }, '/quantity'],
      ['an empty list of ticket ids', { eventId, identifier, ticketIds: [] }, '/ticketIds'],
      [
        'a ticket id that is not in a list',
        { eventId, identifier, ticketIds: eventId },
        '/ticketIds',
      ],
      ['malformed ticket ids', { eventId, identifier, ticketIds: [1] }, '/ticketIds'],
      [
        '101 ticket ids',
        { eventId, identifier, ticketIds: Array.from({ length: 101 }, () => eventId) },
        '/ticketIds',
      ],
      ['a malformed booking id', { eventId, identifier, bookingId: 'x' }, '/bookingId'],
      [
        'ticket ids with a quantity, before it looks up the event',
        { eventId, identifier, ticketIds: [eventId], quantity: 1 },
        '/ticketIds',
      ],
    ])('refuses %s', async (_, body, pointer) => {
      const answer = await post('/cancel', body).expect(400);
      expect(answer.body).toMatchObject({ code: 'invalid_request', errors: [{ pointer }] });
    });

    it('refuses ticket ids with a quantity', async () => {
      const event = await open(1);
      const more = { ticketIds: [NOBODYS_EVENT], quantity: 1 };
      const { body } = await cancel(event, 'ann', more).expect(400);
      expect(body.errors).toMatchObject([{ pointer: '/ticketIds' }]);
    });
  });

  describe('GET /status/:eventId', () => {
    it('increments the version with every change', async () => {
      const eventId = await open(1);
      expect((await status(eventId)).version).toBe(1);
      await book(eventId, 'ann').expect(201);
      expect((await status(eventId)).version).toBe(2);
    });

    it.each([NOBODYS_EVENT, '42', 'x%27%20OR%201=1', '%F0%9F%98%80'])(
      'answers 404 for event id %s',
      async (id) => {
        const { body } = await request(app.server).get(`/status/${id}`).expect(404);
        expect(body.code).toBe('event_not_found');
      },
    );

    it('accepts ids in upper case', async () => {
      const eventId = await open(1);
      expect((await status(eventId.toUpperCase())).eventId).toBe(eventId);
    });
  });

  // Several statements travel in one packet, so text that could end one could add another.
  describe.each([
    "x'); DROP TABLE tickets; -- ",
    "\\'; DELETE FROM sections; -- ",
    '?; UPDATE sections SET available = 99; #',
    '"`?;? \\',
  ])('the text %j', (text) => {
    it('is stored as text, both as an identifier and as an event name', async () => {
      const { body } = await post('/initialize', { name: text, totalTickets: 1 }).expect(201);
      const first = await book(body.id, text).expect(201);
      await book(body.id, `${text} too`).expect(201);
      const { userId } = first.body.tickets[0];
      const rows = await database.query('SELECT identifier FROM users WHERE id = ?', [userId]);
      expect(rows).toEqual([{ identifier: text.trim().toLowerCase() }]);
      await cancel(body.id, text).expect(200);
      const counts = { bookedTickets: 1, availableTickets: 0, waitingListCount: 0 };
      expect(await status(body.id)).toMatchObject({ name: body.name, ...counts });
    });
  });
});
