import { readOutbox, useApp, useDatabase } from '../kit/index.js';
import type { EventResponse } from '../../src/events/dto/event.dto.js';
import { NO_EVENTS, Organiser, TIME, UUID } from './support/organiser.js';

const GRAND = {
  name: 'Grand opening',
  description: 'Doors at seven.\nBring an umbrella.',
  venue: 'Old Mill',
  startsAt: '2027-03-01T19:30:00+02:00',
  endsAt: '2027-03-01T22:00:00Z',
  sections: [
    { name: 'Stalls', capacity: 40, price: { amount: 2_500, currency: 'EUR' } },
    {
      name: 'Boxes',
      seats: { rows: ['A', 'B'], perRow: 3 },
      price: { amount: 0, currency: 'JPY' },
    },
    { name: 'Standing', capacity: 100 },
  ],
  limits: { maxPerBooking: 4, maxPerPerson: 6 },
  waitlist: { enabled: true, maxSize: 50, fit: 'skip', mode: 'offer', offerTtlSeconds: 600 },
};

/** The fields of an event that a request may set, with the values that GET returned. */
const settingsIn = ({ sections, ...event }: EventResponse) => {
  const { name, description, venue, startsAt, endsAt, limits, waitlist } = event;
  const made = sections.map((section) => ({
    name: section.name,
    capacity: section.capacity,
    price: section.price,
  }));
  return { name, description, venue, startsAt, endsAt, limits, waitlist, sections: made };
};

const sectionsOf = (count: number) =>
  Array.from({ length: count }, (_, nth) => ({ name: `Block ${nth}`, capacity: nth + 1 }));

const price = (part: object) => ({
  sections: [{ name: 'x', capacity: 1, price: { amount: 1, currency: 'EUR', ...part } }],
});

const rows = (count: number, perRow: number) => ({
  name: `Hall of ${count} rows`,
  seats: { rows: Array.from({ length: count }, (_, nth) => nth.toString(36)), perRow },
});

const seats = (part: object) => ({
  sections: [{ name: 'x', seats: { rows: ['A'], perRow: 1, ...part } }],
});

describe('creating events', () => {
  const database = useDatabase();
  const organiser = new Organiser(useApp(database));

  describe.each(['/v1/events', '/initialize'])('POST %s', (path) => {
    it.each([
      ['an event without optional fields', { name: 'Gala', totalTickets: 3 }],
      ['an event with all of them', { ...GRAND, sections: [GRAND.sections[0], GRAND.sections[2]] }],
    ])('accepts the settings of %s as GET returns them', async (_, body) => {
      const { id } = await organiser.open(body);
      const settings = settingsIn(await organiser.read(id));
      const { body: copy } = await organiser.post(path, settings).expect(201);
      expect(settingsIn(copy as EventResponse)).toEqual(settings);
    });

    it('creates an event with all optional fields', async () => {
      const { body } = await organiser.post(path, GRAND).expect(201);
      const section = { bookedTickets: 0, heldTickets: 0, waitingListCount: 0 };
      expect(body).toEqual({
        id: expect.stringMatching(UUID),
        name: GRAND.name,
        description: GRAND.description,
        venue: GRAND.venue,
        startsAt: '2027-03-01T17:30:00.000Z',
        endsAt: '2027-03-01T22:00:00.000Z',
        status: 'PUBLISHED',
        totalTickets: 146,
        availableTickets: 146,
        bookedTickets: 0,
        heldTickets: 0,
        waitingListCount: 0,
        bookingCount: 0,
        version: 1,
        limits: GRAND.limits,
        waitlist: GRAND.waitlist,
        sections: [
          {
            ...section,
            id: expect.stringMatching(UUID),
            name: 'Stalls',
            capacity: 40,
            availableTickets: 40,
            isSeated: false,
            price: { amount: 2_500, currency: 'EUR' },
          },
          {
            ...section,
            id: expect.stringMatching(UUID),
            name: 'Boxes',
            capacity: 6,
            availableTickets: 6,
            isSeated: true,
            price: { amount: 0, currency: 'JPY' },
          },
          {
            ...section,
            id: expect.stringMatching(UUID),
            name: 'Standing',
            capacity: 100,
            availableTickets: 100,
            isSeated: false,
            price: null,
          },
        ],
        createdAt: expect.stringMatching(TIME),
        updatedAt: body.createdAt,
      });
      expect(await organiser.read(body.id)).toEqual(body);
    });

    it.each([
      ['in Devanagari', 'पंक्ति', 'पंक्ति'],
      ['in Thai', 'แถวที่1', 'แถวที่1'],
      ['composed from two characters', 'E\u0301', '\u00c9'],
      ['of 20 characters that are sent as 40', 'E\u0301'.repeat(20), '\u00c9'.repeat(20)],
      ['of 20 letters beyond 16 bits', '𐐀'.repeat(20), '𐐀'.repeat(20)],
    ])('accepts a row name %s', async (_, sent, stored) => {
      const { id } = (await organiser.post(path, { name: 'Opera', ...seats({ rows: [sent] }) }))
        .body;
      const { body } = await organiser.get(`/v1/events/${id}/seats`);
      expect(body.data[0].row).toBe(stored);
    });

    it('accepts a currency that is newer than Node', async () => {
      const { body } = await organiser.post(path, { name: 'Opera', ...price({ currency: 'VED' }) });
      expect(body.sections[0].price).toEqual({ amount: 1, currency: 'VED' });
    });

    it('answers a retry with the same event', async () => {
      const headers = { 'Idempotency-Key': `open-${path}` };
      const first = await organiser.post(path, GRAND, headers).expect(201);
      const again = await organiser.post(path, GRAND, headers).expect(201);
      expect(again.headers['idempotency-replayed']).toBe('true');
      expect(again.body).toEqual(first.body);
      expect(again.headers['location']).toBe(first.headers['location']);
      const other = await organiser.post(path, { ...GRAND, name: 'Macbeth' }, headers).expect(422);
      expect(other.body.code).toBe('idempotency_key_reused');
      const [count] = await database.query<{ events: number }>(
        'SELECT COUNT(*) AS events FROM sections WHERE event_id = ?',
        [first.body.id],
      );
      expect(count).toEqual({ events: 3 });
    });
  });

  it('creates one event for eight concurrent requests with one idempotency key', async () => {
    const headers = { 'Idempotency-Key': 'many-at-once' };
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => organiser.post('/v1/events', GRAND, headers)),
    );
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    const replays = answers.filter((answer) => answer.headers['idempotency-replayed'] === 'true');
    expect(replays).toHaveLength(7);
  });

  it('returns the address of the event in Location', async () => {
    const { headers, body } = await organiser.post('/v1/events', GRAND).expect(201);
    expect(headers['location']).toBe(`/v1/events/${body.id}`);
    expect((await organiser.get(headers['location']!).expect(200)).body.id).toBe(body.id);
  });

  it('keeps a hundred sections in the order in which they were given', async () => {
    const sections = sectionsOf(100);
    const opened = await organiser.open({ sections });
    const wanted = sections.map(({ name }) => name);
    expect(opened.sections.map(({ name }) => name)).toEqual(wanted);
    expect((await organiser.read(opened.id)).sections).toEqual(opened.sections);
    const { sections: inStatus } = await organiser.status(opened.id);
    expect(inStatus.map(({ name }) => name)).toEqual(wanted);
  });

  it('positions seats row by row, with a gap between rows', async () => {
    const { id } = await organiser.open({ sections: [{ ...rows(2, 3), capacity: 6 }] });
    const all = await database.query(
      `SELECT row_name AS name, seat_number AS number, position, status
         FROM seats WHERE event_id = ? ORDER BY position`,
      [id],
    );
    const seat = (name: string, number: number, position: number) => {
      return { name, number, position, status: 'AVAILABLE' };
    };
    expect(all).toEqual([
      seat('0', 1, 0),
      seat('0', 2, 1),
      seat('0', 3, 2),
      seat('1', 1, 4),
      seat('1', 2, 5),
      seat('1', 3, 6),
    ]);
  });

  it('creates an event with 20,000 seats', async () => {
    const { totalTickets } = await organiser.open({ sections: [rows(40, 500)] });
    expect(totalTickets).toBe(20_000);
  });

  it('answers /v1/events/:id/status like /status/:id', async () => {
    const { id } = await organiser.open();
    const answer = await organiser.get(`/v1/events/${id.toUpperCase()}/status`).expect(200);
    expect(answer.body).toEqual(await organiser.status(id));
  });

  it.each(NO_EVENTS)('answers 404 for event id %s', async (id) => {
    for (const path of [`/v1/events/${id}`, `/v1/events/${id}/status`]) {
      const { body } = await organiser.get(path).expect(404);
      expect(body).toMatchObject({ code: 'event_not_found' });
    }
  });

  it('fills in defaults for omitted settings', async () => {
    const opened = await organiser.open({ waitlist: { mode: 'offer' }, limits: {} });
    expect(opened).toMatchObject({
      limits: { maxPerBooking: null, maxPerPerson: null },
      waitlist: {
        enabled: true,
        maxSize: null,
        fit: 'strict',
        mode: 'offer',
        offerTtlSeconds: 43_200,
      },
    });
  });

  describe('settings of the event apply to its sections', () => {
    it('limits per booking and per person', async () => {
      const { id, sections } = await organiser.open({
        sections: sectionsOf(9).slice(7),
        limits: { maxPerBooking: 3, maxPerPerson: 4 },
      });
      const [a, b] = sections.map((section) => section.id);
      const tooMany = await organiser.book(id, 'ann', { sectionId: b, quantity: 4 }).expect(409);
      expect(tooMany.body).toMatchObject({ code: 'limit_exceeded', limit: 3, per: 'booking' });
      await organiser.book(id, 'ann', { sectionId: a, quantity: 3 }).expect(201);
      const over = await organiser.book(id, 'ann', { sectionId: b, quantity: 2 }).expect(409);
      expect(over.body).toMatchObject({ code: 'limit_exceeded', limit: 4, per: 'person', has: 3 });
      await organiser.book(id, 'ann', { sectionId: b }).expect(201);
    });

    it('a disabled waitlist', async () => {
      const { id } = await organiser.open({ totalTickets: 1, waitlist: { enabled: false } });
      await organiser.book(id, 'ann').expect(201);
      const { body } = await organiser.book(id, 'bob').expect(409);
      expect(body.code).toBe('sold_out');
    });

    it('a waitlist with a maxSize of 1', async () => {
      const { id } = await organiser.open({ totalTickets: 1, waitlist: { maxSize: 1 } });
      await organiser.book(id, 'ann').expect(201);
      await organiser.book(id, 'bob').expect(201);
      const { body } = await organiser.book(id, 'cyd').expect(409);
      expect(body).toMatchObject({ code: 'waitlist_full', max: 1 });
    });
  });

  describe('the initial status', () => {
    it('DRAFT makes an event that can be read but not booked', async () => {
      const { id, status } = await organiser.open({ status: 'DRAFT' });
      expect(status).toBe('DRAFT');
      expect(await organiser.status(id)).toMatchObject({ status: 'DRAFT', availableTickets: 10 });
      const booked = await organiser.book(id, 'ann').expect(409);
      expect(booked.body.code).toBe('event_not_on_sale');
      const held = await organiser.post('/v1/holds', {
        eventId: id,
        identifier: 'ann',
        quantity: 1,
      });
      expect(held).toMatchObject({ status: 409, body: { code: 'event_not_on_sale' } });
      expect(await organiser.status(id)).toMatchObject({ availableTickets: 10, version: 1 });
    });

    it.each([
      ['DRAFT', 'event.created'],
      ['PUBLISHED', 'event.published'],
    ])('%s writes one message: %s', async (status, type) => {
      const { id } = await organiser.open({ status });
      const messages = await readOutbox(database, id);
      expect(messages).toEqual([
        expect.objectContaining({ type, eventId: id, sectionId: null, sequence: 1 }),
      ]);
    });
  });

  describe('refuses with 400', () => {
    const one = { name: 'x', capacity: 1 };
    it.each<[string, object, string]>([
      ['neither totalTickets nor sections', { totalTickets: undefined }, '/totalTickets'],
      ['both totalTickets and sections', { totalTickets: 1, sections: [one] }, '/totalTickets'],
      ['an initial status of CANCELLED', { status: 'CANCELLED' }, '/status'],
      ['a description of 5,001 characters', { description: 'x'.repeat(5_001) }, '/description'],
      ['a control character in the description', { description: 'ding \u0007' }, '/description'],
      ['a venue of two lines', { venue: 'a\nb' }, '/venue'],
      ['a venue of 201 characters', { venue: 'x'.repeat(201) }, '/venue'],
      ['a status of null', { status: null }, '/status'],
      ['a time without a zone', { startsAt: '2027-03-01T19:30:00' }, '/startsAt'],
      ['a date without a time', { startsAt: '2027-03-01' }, '/startsAt'],
      ['a day that does not exist', { startsAt: '2027-02-30T19:30:00Z' }, '/startsAt'],
      ['a time that is a number', { endsAt: 1_800_000_000 }, '/endsAt'],
      [
        'an endsAt that is not after startsAt',
        { startsAt: '2027-03-01T19:30:00Z', endsAt: '2027-03-01T19:30:00Z' },
        '/endsAt',
      ],
      ['an empty list of sections', { sections: [] }, '/sections'],
      ['101 sections', { sections: sectionsOf(101) }, '/sections'],
      ['an object for sections', { sections: one }, '/sections'],
      ['a section that is null', { sections: [null] }, '/sections/0'],
      ['a section that is a list', { sections: [one, [{ ...one, name: 'y' }]] }, '/sections'],
      ['a section that is an empty list', { sections: [[]] }, '/sections'],
      ['a section that is a number', { sections: [one, 7] }, '/sections/1'],
      ['a section without a name', { sections: [one, { capacity: 1 }] }, '/sections/1/name'],
      ['a section without a capacity', { sections: [one, { name: 'y' }] }, '/sections/1/capacity'],
      [
        'a section with a capacity of 0',
        { sections: [{ ...one, capacity: 0 }] },
        '/sections/0/capacity',
      ],
      ['an unknown field of a section', { sections: [{ ...one, vip: 1 }] }, '/sections/0/vip'],
      [
        'two sections with one name',
        { sections: [one, { ...one, name: 'x ' }] },
        '/sections/1/name',
      ],
      [
        'two sections whose names are composed differently',
        {
          sections: [
            { ...one, name: '\u00c9' },
            { ...one, name: 'E\u0301' },
          ],
        },
        '/sections/1/name',
      ],
      ['a fraction of a cent', price({ amount: 0.5 }), '/sections/0/price/amount'],
      ['a negative price', price({ amount: -1 }), '/sections/0/price/amount'],
      ['a price above the maximum', price({ amount: 1e12 + 1 }), '/sections/0/price/amount'],
      ['a currency of four letters', price({ currency: 'EURO' }), '/sections/0/price/currency'],
      ['a currency in lower case', price({ currency: 'eur' }), '/sections/0/price/currency'],
      ['a capacity of null', { sections: [{ ...one, capacity: null }] }, '/sections/0/capacity'],
      ['a currency that is gone', price({ currency: 'HRK' }), '/sections/0/price/currency'],
      ['a price that is a number', { sections: [{ ...one, price: 5 }] }, '/sections/0/price'],
      ['seats without rows', seats({ rows: [] }), '/sections/0/seats/rows'],
      ['a repeated row', seats({ rows: ['A', 'A'] }), '/sections/0/seats/rows'],
      [
        'a row that is repeated in another composition',
        seats({ rows: ['\u00c9', 'E\u0301'] }),
        '/sections/0/seats/rows',
      ],
      ['a row that begins with a mark', seats({ rows: ['\u0301A'] }), '/sections/0/seats/rows'],
      ['rows that differ by a space', seats({ rows: ['A', 'A '] }), '/sections/0/seats/rows'],
      ['a row without a name', seats({ rows: [''] }), '/sections/0/seats/rows'],
      ['a row that is a number', seats({ rows: [1] }), '/sections/0/seats/rows'],
      ['a row name of 21 characters', seats({ rows: ['x'.repeat(21)] }), '/sections/0/seats/rows'],
      ['rows that are a string', seats({ rows: 'A' }), '/sections/0/seats/rows'],
      ['201 rows', { sections: [rows(201, 1)] }, '/sections/0/seats/rows'],
      ['501 seats in a row', seats({ perRow: 501 }), '/sections/0/seats/perRow'],
      [
        'a capacity that differs from the number of seats',
        { sections: [{ ...rows(2, 3), capacity: 7 }] },
        '/sections/0/capacity',
      ],
      ['20,001 seats', { sections: [rows(40, 500), rows(1, 1)] }, '/sections'],
      ['a limit of 0', { limits: { maxPerBooking: 0 } }, '/limits/maxPerBooking'],
      ['limits of null', { limits: null }, '/limits'],
      ['limits that are a list', { limits: [] }, '/limits'],
      ['a waitlist with a maxSize of 0', { waitlist: { maxSize: 0 } }, '/waitlist/maxSize'],
      ['a string instead of a boolean', { waitlist: { enabled: 'true' } }, '/waitlist/enabled'],
      ['an unknown fit', { waitlist: { fit: 'loose' } }, '/waitlist/fit'],
      ['an unknown mode', { waitlist: { mode: 'lottery' } }, '/waitlist/mode'],
      [
        'an offer of more than a week',
        { waitlist: { offerTtlSeconds: 604_801 } },
        '/waitlist/offerTtlSeconds',
      ],
      ['an id chosen by the client', { id: NO_EVENTS[0] }, '/id'],
    ])('%s', async (_, part, pointer) => {
      const sizes = 'sections' in part ? {} : { totalTickets: 1 };
      const { body } = await organiser.post('/v1/events', { name: 'x', ...sizes, ...part });
      expect(body).toMatchObject({ code: 'invalid_request', errors: [{ pointer }] });
    });

    it('more seats than allowed, without numbering them first', async () => {
      const many = Array.from({ length: 12 }, (_, nth) => ({ ...rows(200, 500), name: `${nth}` }));
      const before = process.cpuUsage();
      const { body } = await organiser.post('/v1/events', { name: 'x', sections: many });
      expect(body).toMatchObject({ code: 'invalid_request', errors: [{ pointer: '/sections' }] });
      // CPU time, because a busy machine does not make it longer.
      expect(process.cpuUsage(before).user / 1_000).toBeLessThan(250);
    });
  });

  it('answers 413 for a body of more than 64 kB', async () => {
    const event = { name: 'x', totalTickets: 1, description: 'x'.repeat(70_000) };
    const { body } = await organiser.post('/v1/events', event).expect(413);
    expect(body.code).toBe('payload_too_large');
  });
});
