import { useApp, useDatabase } from '../kit/index.js';
import { NO_EVENTS, NOBODYS, Organiser } from './support/organiser.js';

const rows = (count: number, perRow: number) => ({
  rows: Array.from({ length: count }, (_, nth) => nth.toString(36)),
  perRow,
});

describe('PATCH /v1/events/:id', () => {
  const database = useDatabase();
  const organiser = new Organiser(useApp(database));

  const edit = async (eventId: string, body: object) =>
    (await organiser.patch(eventId, body).expect(200)).body;

  /** Fills an event and lets others wait; every one for as many places. */
  async function crowd(eventId: string, booked: number, waiting: readonly number[]) {
    if (booked > 0) await organiser.book(eventId, 'holder', { quantity: booked }).expect(201);
    for (const [nth, quantity] of waiting.entries()) {
      const { body } = await organiser.book(eventId, `waiting-${nth}`, { quantity }).expect(201);
      expect(body.waitlisted).toBe(true);
    }
  }

  describe('details', () => {
    it('changes what is named and leaves the rest', async () => {
      const before = await organiser.open({ venue: 'Mill', startsAt: '2027-01-01T20:00:00Z' });
      const after = await edit(before.id, { name: 'Encore', endsAt: '2027-01-01T23:00:00+01:00' });
      expect(after).toEqual({
        ...before,
        name: 'Encore',
        endsAt: '2027-01-01T22:00:00.000Z',
        version: before.version + 1,
        updatedAt: after.updatedAt,
      });
      expect(Date.parse(after.updatedAt)).toBeGreaterThanOrEqual(Date.parse(before.updatedAt));
      expect(await organiser.read(before.id)).toEqual(after);
    });

    it('that names nothing changes nothing', async () => {
      const before = await organiser.open();
      expect(await edit(before.id, {})).toEqual(before);
      expect(await organiser.etag(before.id)).toBe('"1"');
    });

    it('takes away what is set to null', async () => {
      const times = { startsAt: '2027-01-01T20:00:00Z', endsAt: '2027-01-01T21:00:00Z' };
      const { id } = await organiser.open({ description: 'x', venue: 'y', ...times });
      const nothing = { description: null, venue: null, startsAt: null, endsAt: null };
      expect(await edit(id, nothing)).toMatchObject(nothing);
    });

    it('refuses an end that is not after the beginning that there is', async () => {
      const { id } = await organiser.open({ startsAt: '2027-01-01T20:00:00Z' });
      const { body } = await organiser.patch(id, { endsAt: '2027-01-01T19:00:00Z' }).expect(400);
      expect(body).toMatchObject({ code: 'invalid_request', errors: [{ pointer: '/endsAt' }] });
    });

    it('is told once, with the version', async () => {
      const { id } = await organiser.open();
      await edit(id, { name: 'Encore' });
      const messages = await database.query(
        `SELECT sequence FROM outbox_messages WHERE event_id = ? AND type = 'event.updated'`,
        [id],
      );
      expect(messages).toEqual([{ sequence: 2 }]);
    });

    it('edits a draft, which stays one', async () => {
      const { id } = await organiser.open({ status: 'DRAFT' });
      expect(await edit(id, { totalTickets: 12 })).toMatchObject({
        status: 'DRAFT',
        totalTickets: 12,
      });
      expect((await organiser.book(id, 'ann')).body.code).toBe('event_not_on_sale');
    });
  });

  describe('If-Match', () => {
    it('lets through who has read the newest version; everybody else is 412', async () => {
      const { id } = await organiser.open();
      const read = await organiser.etag(id);
      const first = await organiser.patch(id, { name: 'One' }, { 'If-Match': read }).expect(200);
      expect(first.headers['etag']).not.toBe(read);
      expect(first.headers['etag']).toBe(await organiser.etag(id));
      const second = await organiser.patch(id, { name: 'Two' }, { 'If-Match': read }).expect(412);
      expect(second.body).toMatchObject({ code: 'precondition_failed', status: 412 });
      expect(await organiser.read(id)).toEqual(first.body);
    });

    it('is about what can be edited: bookings do not change it', async () => {
      const { id } = await organiser.open();
      const read = await organiser.etag(id);
      await organiser.book(id, 'ann').expect(201);
      expect(await organiser.etag(id)).toBe(read);
      await organiser.patch(id, { totalTickets: 20 }, { 'If-Match': read }).expect(200);
    });

    it.each([
      ['any version', '*', 200],
      ['one of several', '"7", "1"', 200],
      ['none of several', '"7", "8"', 412],
      ['a tag that a proxy has made weak', 'W/"1"', 200],
      ['a tag without quotes', '1', 200],
      ['another weak tag', 'W/"2"', 412],
      ['no tag of ours', 'xyz', 412],
      ['nothing', '', 412],
    ])('%s', async (_, ifMatch, status) => {
      const { id } = await organiser.open();
      await organiser.patch(id, { name: 'x' }, { 'If-Match': ifMatch }).expect(status);
    });

    it('may be left out: whoever comes last is right', async () => {
      const { id } = await organiser.open();
      await edit(id, { name: 'One' });
      expect(await edit(id, { name: 'Two' })).toMatchObject({ name: 'Two' });
    });

    it('lets one of several through who come at once', async () => {
      const { id } = await organiser.open();
      const headers = { 'If-Match': await organiser.etag(id) };
      const names = Array.from({ length: 10 }, (_, nth) => `Name ${nth}`);
      const answers = await Promise.all(
        names.map((name) => organiser.patch(id, { name }, headers)),
      );
      const count = (status: number) => answers.filter((one) => one.status === status).length;
      expect([count(200), count(412)]).toEqual([1, 9]);
      const winner = answers.find(({ status }) => status === 200)!;
      expect(await organiser.read(id)).toEqual(winner.body);
    });
  });

  describe('capacity', () => {
    it('raised, goes to the line at once, as far as it reaches', async () => {
      const { id } = await organiser.open({ totalTickets: 4 });
      await crowd(id, 4, [2, 3, 1]);
      const after = await edit(id, { totalTickets: 8 });
      expect(after).toMatchObject({
        totalTickets: 8,
        bookedTickets: 6,
        availableTickets: 2,
        waitingListCount: 2,
        bookingCount: 2,
      });
      expect(await edit(id, { totalTickets: 9 })).toMatchObject({
        bookedTickets: 9,
        availableTickets: 0,
        waitingListCount: 1,
      });
    });

    it('raised, is offered to the line where that is the way', async () => {
      const { id } = await organiser.open({ totalTickets: 1, waitlist: { mode: 'offer' } });
      await crowd(id, 1, [1]);
      expect(await edit(id, { totalTickets: 2 })).toMatchObject({
        bookedTickets: 1,
        heldTickets: 1,
        availableTickets: 0,
        waitingListCount: 0,
      });
    });

    it('lowered, sends home who then waits for more than there could ever be', async () => {
      const { id } = await organiser.open({ totalTickets: 5 });
      await organiser.book(id, 'holder', { quantity: 3 }).expect(201);
      await organiser.book(id, 'many', { quantity: 5 }).expect(201);
      await organiser.book(id, 'one', { quantity: 1 }).expect(201);
      expect(await edit(id, { totalTickets: 4 })).toMatchObject({
        bookedTickets: 4,
        availableTickets: 0,
        waitingListCount: 0,
      });
    });

    it('is never lower than what is booked and held; then nothing is changed at all', async () => {
      const { id } = await organiser.open({ totalTickets: 10 });
      await organiser.book(id, 'ann', { quantity: 3 }).expect(201);
      const hold = { eventId: id, identifier: 'bob', quantity: 2 };
      await organiser.post('/v1/holds', hold).expect(201);
      const before = await organiser.get(`/v1/events/${id}`);
      const body = { name: 'Smaller', totalTickets: 4, limits: { maxPerBooking: 1 } };
      const refused = await organiser.patch(id, body).expect(409);
      expect(refused.body).toMatchObject({ code: 'capacity_below_sold', requested: 4, sold: 5 });
      const after = await organiser.get(`/v1/events/${id}`);
      expect(after.body).toEqual(before.body);
      expect(after.headers['etag']).toBe(before.headers['etag']);
      expect(await edit(id, { totalTickets: 5 })).toMatchObject({ availableTickets: 0 });
    });

    it('of one section too low leaves the others as they are', async () => {
      const sections = [
        { name: 'A', capacity: 5 },
        { name: 'B', capacity: 5 },
      ];
      const before = await organiser.open({ sections });
      const [a, b] = before.sections;
      await organiser.book(before.id, 'ann', { sectionId: b!.id, quantity: 2 }).expect(201);
      const edits = [
        { id: a!.id, capacity: 50 },
        { id: b!.id, capacity: 1 },
        { name: 'C', capacity: 1 },
      ];
      await organiser.patch(before.id, { sections: edits }).expect(409);
      const { sections: after } = await organiser.read(before.id);
      expect(after.map(({ capacity }) => capacity)).toEqual([5, 5]);
    });

    it('of seats is their number', async () => {
      const { id, sections } = await organiser.open({
        sections: [{ name: 'Boxes', seats: rows(2, 3) }],
      });
      const { body } = await organiser.patch(id, { totalTickets: 7 }).expect(409);
      expect(body.code).toBe('section_seated');
      await edit(id, { sections: [{ id: sections[0]!.id, capacity: 6 }] });
    });
  });

  describe('a raise that thousands wait for', () => {
    const raised = 400 + 31 * 400;

    it('comes in steps, and is answered when all have their places', async () => {
      const { id } = await organiser.open({ totalTickets: 400 });
      await crowd(
        id,
        400,
        Array.from({ length: 31 }, () => 400),
      );
      const headers = { 'Idempotency-Key': `raise-${id}` };
      const first = await organiser.patch(id, { totalTickets: raised }, headers).expect(200);
      expect(first.body).toMatchObject({
        totalTickets: raised,
        bookedTickets: raised,
        waitingListCount: 0,
      });
      const steps = await database.query<{ payload: string }>(
        `SELECT payload FROM outbox_messages
          WHERE event_id = ? AND type = 'section.resized' ORDER BY sequence`,
        [id],
      );
      const capacities = steps.map(({ payload }) => JSON.parse(payload).capacity);
      expect(capacities).toEqual([5_400, 10_400, raised]);
      const again = await organiser.patch(id, { totalTickets: raised }, headers).expect(200);
      expect(again.headers['idempotency-replayed']).toBe('true');
      expect(again.headers['etag']).toBe(first.headers['etag']);
      expect(again.body).toEqual(first.body);
      await edit(id, { name: 'Somebody else was here' });
      const late = await organiser.patch(id, { totalTickets: raised }, headers).expect(200);
      expect(late.headers['etag']).toBe(first.headers['etag']);
      expect(late.body).toEqual(first.body);
    });

    it('shares the first step among all sections, for all are locked', async () => {
      const { id, sections } = await organiser.open({
        sections: [
          { name: 'A', capacity: 400 },
          { name: 'B', capacity: 400 },
        ],
      });
      for (const { id: sectionId } of sections) {
        for (let nth = 0; nth <= 10; nth += 1) {
          const wanted = { sectionId, quantity: 400 };
          await organiser.book(id, `person-${nth}`, wanted).expect(201);
        }
      }
      const edits = sections.map((section) => ({ id: section.id, capacity: 4_400 }));
      const after = await edit(id, { sections: edits });
      expect(after).toMatchObject({ bookedTickets: 8_800, waitingListCount: 0 });
      const steps = await database.query<{ payload: string }>(
        `SELECT payload FROM outbox_messages WHERE event_id = ? AND type = 'section.resized'
          ORDER BY section_id, sequence`,
        [id],
      );
      const capacities = steps.map(({ payload }) => JSON.parse(payload).capacity);
      expect(capacities).toEqual([4_400, 1_400, 4_400]);
    });
  });

  describe('sections', () => {
    it('are renamed and priced, each by itself', async () => {
      const { id, sections } = await organiser.open({
        sections: [
          { name: 'A', capacity: 5, price: { amount: 100, currency: 'EUR' } },
          { name: 'B', capacity: 5, price: { amount: 100, currency: 'EUR' } },
        ],
      });
      const after = await edit(id, {
        sections: [
          { id: sections[1]!.id.toUpperCase(), name: 'A', price: null },
          { id: sections[0]!.id, name: 'B', price: { amount: 250, currency: 'CHF' } },
        ],
      });
      expect(after.sections).toMatchObject([
        { id: sections[0]!.id, name: 'B', price: { amount: 250, currency: 'CHF' }, capacity: 5 },
        { id: sections[1]!.id, name: 'A', price: null, capacity: 5 },
      ]);
    });

    it('are added behind the others, with the settings of the event, and sell at once', async () => {
      const before = await organiser.open({ limits: { maxPerBooking: 2 } });
      const after = await edit(before.id, {
        sections: [
          { name: 'Late', capacity: 4, price: { amount: 5, currency: 'EUR' } },
          { name: 'Seats', seats: rows(1, 2) },
        ],
      });
      expect(after.sections.map((section: { name: string }) => section.name)).toEqual([
        'General Admission',
        'Late',
        'Seats',
      ]);
      expect(after.totalTickets).toBe(16);
      const sectionId = after.sections[1].id;
      const tooMany = await organiser.book(before.id, 'ann', { sectionId, quantity: 3 });
      expect(tooMany.body).toMatchObject({ code: 'limit_exceeded' });
      await organiser.book(before.id, 'ann', { sectionId }).expect(201);
      await organiser.book(before.id, 'ann', { sectionId: after.sections[2].id }).expect(201);
    });

    it('are added to a draft, and do not sell before it is published', async () => {
      const { id } = await organiser.open({ status: 'DRAFT' });
      const { sections } = await edit(id, { sections: [{ name: 'Late', capacity: 4 }] });
      const late = { sectionId: sections[1].id };
      expect((await organiser.book(id, 'ann', late)).body.code).toBe('event_not_on_sale');
      await organiser.post(`/v1/events/${id}/publish`).expect(200);
      await organiser.book(id, 'ann', late).expect(201);
    });
  });

  describe('settings', () => {
    it('are merged; null is no bound', async () => {
      const before = await organiser.open({
        limits: { maxPerBooking: 3, maxPerPerson: 5 },
        waitlist: { maxSize: 9, fit: 'skip', offerTtlSeconds: 60 },
      });
      const after = await edit(before.id, {
        limits: { maxPerBooking: null },
        waitlist: { maxSize: null, mode: 'offer' },
      });
      expect(after.limits).toEqual({ maxPerBooking: null, maxPerPerson: 5 });
      expect(after.waitlist).toEqual({
        enabled: true,
        maxSize: null,
        fit: 'skip',
        mode: 'offer',
        offerTtlSeconds: 60,
      });
    });

    it('hold from then on, in every section', async () => {
      const { id, sections } = await organiser.open({
        sections: [
          { name: 'A', capacity: 1 },
          { name: 'B', capacity: 1 },
        ],
      });
      await edit(id, { limits: { maxPerPerson: 1 }, waitlist: { enabled: false } });
      const [a, b] = sections.map((section) => ({ sectionId: section.id }));
      await organiser.book(id, 'ann', a).expect(201);
      expect((await organiser.book(id, 'ann', b)).body.code).toBe('limit_exceeded');
      expect((await organiser.book(id, 'bob', a)).body.code).toBe('sold_out');
    });

    it('that let people be skipped serve whom the free places fit, at once', async () => {
      const { id } = await organiser.open({ totalTickets: 3 });
      await crowd(id, 1, [3, 1]);
      expect(await edit(id, { waitlist: { fit: 'skip' } })).toMatchObject({
        bookedTickets: 2,
        waitingListCount: 1,
      });
    });
  });

  describe('repeated with its Idempotency-Key', () => {
    it('happens once, and answers as it did, although others have edited since', async () => {
      const { id } = await organiser.open();
      const headers = { 'Idempotency-Key': `edit-${id}`, 'If-Match': await organiser.etag(id) };
      const first = await organiser.patch(id, { name: 'One', totalTickets: 11 }, headers);
      await edit(id, { name: 'Two', totalTickets: 12 });
      const again = await organiser.patch(id, { name: 'One', totalTickets: 11 }, headers);
      expect(again.status).toBe(200);
      expect(again.headers).toMatchObject({
        'idempotency-replayed': 'true',
        etag: first.headers['etag'],
      });
      expect(again.body).toEqual(first.body);
      expect(await organiser.read(id)).toMatchObject({ name: 'Two', totalTickets: 12 });
    });

    it('is 422 for another body, and for another event', async () => {
      const [one, two] = [await organiser.open(), await organiser.open()];
      const headers = { 'Idempotency-Key': `edit-${one.id}` };
      await organiser.patch(one.id, { name: 'One' }, headers).expect(200);
      const { body } = await organiser.patch(one.id, { name: 'Two' }, headers).expect(422);
      expect(body.code).toBe('idempotency_key_reused');
      await organiser.patch(two.id, { name: 'One' }, headers).expect(422);
      expect(await organiser.read(two.id)).toMatchObject({ name: 'Gala', version: 1 });
    });
  });

  describe('refuses', () => {
    it.each(NO_EVENTS)('404 for event %s', async (id) => {
      const { body } = await organiser.patch(id, { name: 'x' }).expect(404);
      expect(body.code).toBe('event_not_found');
    });

    it('404 for a section that the event does not have', async () => {
      const [one, other] = [await organiser.open(), await organiser.open()];
      for (const id of [NOBODYS, other.sections[0]!.id]) {
        const { body } = await organiser.patch(one.id, { sections: [{ id, name: 'x' }] });
        expect(body).toMatchObject({ status: 404, code: 'section_not_found' });
      }
    });

    it('409 for an event that has been called off', async () => {
      const { id } = await organiser.open();
      await organiser.post(`/v1/events/${id}/cancel`).expect(200);
      const { body } = await organiser.patch(id, { name: 'x' }).expect(409);
      expect(body.code).toBe('event_cancelled');
    });

    it.each<[string, object, string]>([
      ['null for a name', { name: null }, '/name'],
      ['a name of nothing', { name: ' ' }, '/name'],
      ['a status', { status: 'PUBLISHED' }, '/status'],
      ['no tickets', { totalTickets: 0 }, '/totalTickets'],
      ['too many tickets', { totalTickets: 1_000_001 }, '/totalTickets'],
      [
        'null for a capacity',
        { sections: [{ name: 'x', capacity: null }] },
        '/sections/0/capacity',
      ],
      ['null for a section', { sections: [null] }, '/sections/0'],
      ['a list for a section', { sections: [[{ name: 'x', capacity: 1 }]] }, '/sections'],
      ['no section', { sections: [] }, '/sections'],
      ['a section without a name', { sections: [{ capacity: 1 }] }, '/sections/0/name'],
      ['an id that is none', { sections: [{ id: 'x' }] }, '/sections/0/id'],
      ['a size of nothing', { sections: [{ name: 'x' }] }, '/sections/0/capacity'],
      ['a name that is taken', { sections: [{ name: 'Main ', capacity: 1 }] }, '/sections/0/name'],
      ['no limit at all', { limits: { maxPerPerson: 0 } }, '/limits/maxPerPerson'],
      ['null for a fit', { waitlist: { fit: null } }, '/waitlist/fit'],
      ['both sizes', { totalTickets: 5, sections: [{ name: 'x', capacity: 1 }] }, '/totalTickets'],
      ['too many seats', { sections: [{ name: 'x', seats: rows(40, 500) }] }, '/sections'],
    ])('400 for %s', async (_, body, pointer) => {
      const { id } = await organiser.open({
        sections: [
          { name: 'Main', capacity: 3 },
          { name: 'Boxes', seats: rows(1, 1) },
        ],
      });
      const answer = await organiser.patch(id, body).expect(400);
      expect(answer.body).toMatchObject({ code: 'invalid_request', errors: [{ pointer }] });
      expect(await organiser.read(id)).toMatchObject({ version: 1, totalTickets: 4 });
    });

    it('400 for what does not go with the sections that there are', async () => {
      const { id, sections } = await organiser.open({
        sections: [
          { name: 'A', capacity: 3 },
          { name: 'B', capacity: 3 },
        ],
      });
      const [a, b] = sections.map((section) => section.id);
      const pointersFor = async (body: object) => {
        const answer = await organiser.patch(id, body).expect(400);
        return answer.body.errors.map((error: { pointer: string }) => error.pointer);
      };
      expect(await pointersFor({ totalTickets: 7 })).toEqual(['/totalTickets']);
      expect(await pointersFor({ sections: [{ id: a }, { id: a }] })).toEqual(['/sections']);
      expect(await pointersFor({ sections: [{ id: a, name: 'B' }] })).toEqual(['/sections']);
      expect(await pointersFor({ sections: [{ id: b, seats: rows(1, 1) }] })).toEqual([
        '/sections/0/seats',
      ]);
      const added = [{ id: a, name: 'C' }, { name: 'D' }];
      expect(await pointersFor({ sections: added })).toEqual(['/sections/1/capacity']);
      const twin = [
        { id: a, name: 'C' },
        { name: 'C', capacity: 1 },
      ];
      expect(await pointersFor({ sections: twin })).toEqual(['/sections/1/name']);
    });

    it('400 for a 101st section', async () => {
      const names = (from: number, to: number) =>
        Array.from({ length: to - from }, (_, nth) => ({ name: `${from + nth}`, capacity: 1 }));
      const { id } = await organiser.open({ sections: names(0, 60) });
      const { body } = await organiser.patch(id, { sections: names(60, 101) }).expect(400);
      expect(body.errors).toMatchObject([{ pointer: '/sections' }]);
      expect((await edit(id, { sections: names(60, 100) })).totalTickets).toBe(100);
    });

    it('413 for a body of more than 64 kB', async () => {
      const { id } = await organiser.open();
      await organiser.patch(id, { description: 'x'.repeat(70_000) }).expect(413);
    });
  });
});
