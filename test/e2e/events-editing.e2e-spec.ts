import { readOutbox, useApp, useDatabase } from '../kit/index.js';
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

  const messagesOf = async (eventId: string, type: string) =>
    (await readOutbox(database, eventId)).filter((message) => message.type === type);

  /** Books places for one person, then adds one waitlist entry for each quantity of `waiting`. */
  async function crowd(eventId: string, booked: number, waiting: readonly number[]) {
    if (booked > 0) await organiser.book(eventId, 'holder', { quantity: booked }).expect(201);
    for (const [nth, quantity] of waiting.entries()) {
      const { body } = await organiser.book(eventId, `waiting-${nth}`, { quantity }).expect(201);
      expect(body.waitlisted).toBe(true);
    }
  }

  describe('details', () => {
    it('changes the named fields and keeps the others', async () => {
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

    it('keeps everything if no field is named', async () => {
      const before = await organiser.open();
      expect(await edit(before.id, {})).toEqual(before);
      expect(await organiser.etag(before.id)).toBe('"1"');
    });

    it('changes nothing if it sends what GET returned', async () => {
      const seats = { rows: ['A'], perRow: 2 };
      const { id } = await organiser.open({ sections: [{ name: 'Boxes', seats }] });
      const { sections, ...event } = await organiser.read(id);
      const { name, description, venue, startsAt, endsAt, limits, waitlist } = event;
      const [{ id: sectionId, name: section, capacity, price }] = sections as [
        (typeof sections)[0],
      ];
      const same = { name, description, venue, startsAt, endsAt, limits, waitlist };
      await edit(id, { ...same, sections: [{ id: sectionId, name: section, capacity, price }] });
      expect(await organiser.read(id)).toMatchObject({ ...same, sections });
    });

    it('clears fields that are set to null', async () => {
      const times = { startsAt: '2027-01-01T20:00:00Z', endsAt: '2027-01-01T21:00:00Z' };
      const { id } = await organiser.open({ description: 'x', venue: 'y', ...times });
      const nothing = { description: null, venue: null, startsAt: null, endsAt: null };
      expect(await edit(id, nothing)).toMatchObject(nothing);
    });

    it('refuses an endsAt that is not after the stored startsAt', async () => {
      const { id } = await organiser.open({ startsAt: '2027-01-01T20:00:00Z' });
      const { body } = await organiser.patch(id, { endsAt: '2027-01-01T19:00:00Z' }).expect(400);
      expect(body).toMatchObject({ code: 'invalid_request', errors: [{ pointer: '/endsAt' }] });
    });

    it('writes one event.updated message, with the version as its sequence', async () => {
      const { id } = await organiser.open();
      await edit(id, { name: 'Encore' });
      const messages = await messagesOf(id, 'event.updated');
      expect(messages.map(({ sequence }) => sequence)).toEqual([2]);
    });

    it('edits a draft without publishing it', async () => {
      const { id } = await organiser.open({ status: 'DRAFT' });
      expect(await edit(id, { totalTickets: 12 })).toMatchObject({
        status: 'DRAFT',
        totalTickets: 12,
      });
      expect((await organiser.book(id, 'ann')).body.code).toBe('event_not_on_sale');
    });
  });

  describe('If-Match', () => {
    it('accepts an edit of the newest version and answers 412 to an older one', async () => {
      const { id } = await organiser.open();
      const read = await organiser.etag(id);
      const first = await organiser.patch(id, { name: 'One' }, { 'If-Match': read }).expect(200);
      expect(first.headers['etag']).not.toBe(read);
      expect(first.headers['etag']).toBe(await organiser.etag(id));
      const second = await organiser.patch(id, { name: 'Two' }, { 'If-Match': read }).expect(412);
      expect(second.body).toMatchObject({ code: 'precondition_failed', status: 412 });
      expect(await organiser.read(id)).toEqual(first.body);
    });

    it('still matches after a booking, because only edits change the ETag', async () => {
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
      ["the tag of a response that Apache's mod_deflate compressed", '"1-gzip"', 200],
      ["a tag that Apache's mod_brotli made", 'W/"1-br"', 200],
      ['the tag of a response that Jetty compressed', '"1--gzip"', 200],
      ['a coding after a semicolon', '"1;gzip"', 200],
      ['the tag of a response that LiteSpeed compressed', '"1;gz"', 200],
      ['a tag with a coding after its quotes', '"1"-gzip', 200],
      ['a weak tag in lower case', 'w/"1"', 200],
      ['two codings', '"1-gzip-zstd"', 200],
      ['the coding of another version', '"2-gzip"', 412],
      ['a suffix that is no coding', '"1-2"', 412],
      ['a version with a zero in front', '"01"', 412],
      ['a weak tag of another version', 'W/"2"', 412],
      ['an unknown tag', 'xyz', 412],
      ['an empty header', '', 412],
    ])('%s (%s) answers %i', async (_, ifMatch, status) => {
      const { id } = await organiser.open();
      await organiser.patch(id, { name: 'x' }, { 'If-Match': ifMatch }).expect(status);
    });

    it.each(['"7"', '"0"', 'xyz'])('%s is not called older or newer', async (ifMatch) => {
      const { id } = await organiser.open();
      const { body } = await organiser.patch(id, {}, { 'If-Match': ifMatch }).expect(412);
      expect(body.detail).not.toMatch(/after|before|older|newer|since/);
      expect(body.detail).toMatch(/^If-Match does not name the current version/);
    });

    it('may be omitted: the last edit wins', async () => {
      const { id } = await organiser.open();
      await edit(id, { name: 'One' });
      expect(await edit(id, { name: 'Two' })).toMatchObject({ name: 'Two' });
    });

    it('accepts exactly one of ten concurrent edits of one version', async () => {
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
    it('when raised, promotes the waitlist as far as the new places reach', async () => {
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

    it('when raised, makes offers to a waitlist in offer mode', async () => {
      const { id } = await organiser.open({ totalTickets: 1, waitlist: { mode: 'offer' } });
      await crowd(id, 1, [1]);
      expect(await edit(id, { totalTickets: 2 })).toMatchObject({
        bookedTickets: 1,
        heldTickets: 1,
        availableTickets: 0,
        waitingListCount: 0,
      });
    });

    it('when lowered, voids entries that want more places than the section has', async () => {
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

    it('cannot be lower than booked plus held; such an edit changes nothing', async () => {
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

    it('that is too low in one section changes no other section', async () => {
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

    it('of a seated section must equal its number of seats', async () => {
      const { id, sections } = await organiser.open({
        sections: [{ name: 'Boxes', seats: rows(2, 3) }],
      });
      const { body } = await organiser.patch(id, { totalTickets: 7 }).expect(409);
      expect(body.code).toBe('section_seated');
      await edit(id, { sections: [{ id: sections[0]!.id, capacity: 6 }] });
    });
  });

  describe('a raise by thousands of places', () => {
    const raised = 400 + 31 * 400;

    it('is applied in steps and answered when everyone has been promoted', async () => {
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
      const steps = await messagesOf(id, 'section.resized');
      const capacities = steps.map(({ payload }) => payload['capacity']);
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

    it('divides the first step among all sections, because all are locked', async () => {
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
      const steps = await messagesOf(id, 'section.resized');
      const capacities = steps.map(({ payload }) => payload['capacity']);
      expect(capacities).toEqual([4_400, 1_400, 4_400]);
    });
  });

  describe('sections', () => {
    it('are renamed and priced individually', async () => {
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

    it('are added after the others, with the settings of the event, and sell at once', async () => {
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

    it('are added to a draft and do not sell before it is published', async () => {
      const { id } = await organiser.open({ status: 'DRAFT' });
      const { sections } = await edit(id, { sections: [{ name: 'Late', capacity: 4 }] });
      const late = { sectionId: sections[1].id };
      expect((await organiser.book(id, 'ann', late)).body.code).toBe('event_not_on_sale');
      await organiser.post(`/v1/events/${id}/publish`).expect(200);
      await organiser.book(id, 'ann', late).expect(201);
    });
  });

  describe('settings', () => {
    it('are merged, and null removes a limit', async () => {
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

    it('apply to later bookings, in every section', async () => {
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

    it('promote the entries that fit as soon as fit is set to skip', async () => {
      const { id } = await organiser.open({ totalTickets: 3 });
      await crowd(id, 1, [3, 1]);
      expect(await edit(id, { waitlist: { fit: 'skip' } })).toMatchObject({
        bookedTickets: 2,
        waitingListCount: 1,
      });
    });
  });

  describe('retried with the same idempotency key', () => {
    it('takes effect once and replays its answer, even after later edits', async () => {
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

    it('answers 422 for another body and for another event', async () => {
      const [one, two] = [await organiser.open(), await organiser.open()];
      const headers = { 'Idempotency-Key': `edit-${one.id}` };
      await organiser.patch(one.id, { name: 'One' }, headers).expect(200);
      const { body } = await organiser.patch(one.id, { name: 'Two' }, headers).expect(422);
      expect(body.code).toBe('idempotency_key_reused');
      await organiser.patch(two.id, { name: 'One' }, headers).expect(422);
      expect(await organiser.read(two.id)).toMatchObject({ name: 'Gala', version: 1 });
    });
  });

  describe('errors', () => {
    it.each(NO_EVENTS)('answers 404 for event id %s', async (id) => {
      const { body } = await organiser.patch(id, { name: 'x' }).expect(404);
      expect(body.code).toBe('event_not_found');
    });

    it('answers 404 for a section that the event does not have', async () => {
      const [one, other] = [await organiser.open(), await organiser.open()];
      for (const id of [NOBODYS, other.sections[0]!.id]) {
        const { body } = await organiser.patch(one.id, { sections: [{ id, name: 'x' }] });
        expect(body).toMatchObject({ status: 404, code: 'section_not_found' });
      }
    });

    it('answers 409 for a cancelled event', async () => {
      const { id } = await organiser.open();
      await organiser.post(`/v1/events/${id}/cancel`).expect(200);
      const { body } = await organiser.patch(id, { name: 'x' }).expect(409);
      expect(body.code).toBe('event_cancelled');
    });

    it.each<[string, object, string]>([
      ['a name of null', { name: null }, '/name'],
      ['a blank name', { name: ' ' }, '/name'],
      ['a status', { status: 'PUBLISHED' }, '/status'],
      ['a total of 0 tickets', { totalTickets: 0 }, '/totalTickets'],
      ['too many tickets', { totalTickets: 1_000_001 }, '/totalTickets'],
      ['a capacity of null', { sections: [{ name: 'x', capacity: null }] }, '/sections/0/capacity'],
      ['a section that is null', { sections: [null] }, '/sections/0'],
      ['a section that is a list', { sections: [[{ name: 'x', capacity: 1 }]] }, '/sections'],
      ['an empty list of sections', { sections: [] }, '/sections'],
      ['a section without a name', { sections: [{ capacity: 1 }] }, '/sections/0/name'],
      ['a malformed section id', { sections: [{ id: 'x' }] }, '/sections/0/id'],
      ['a new section without a capacity', { sections: [{ name: 'x' }] }, '/sections/0/capacity'],
      ['a name that is taken', { sections: [{ name: 'Main ', capacity: 1 }] }, '/sections/0/name'],
      ['a limit of 0', { limits: { maxPerPerson: 0 } }, '/limits/maxPerPerson'],
      ['a fit of null', { waitlist: { fit: null } }, '/waitlist/fit'],
      [
        'both totalTickets and sections',
        { totalTickets: 5, sections: [{ name: 'x', capacity: 1 }] },
        '/totalTickets',
      ],
      ['too many seats', { sections: [{ name: 'x', seats: rows(40, 500) }] }, '/sections'],
    ])('answers 400 for %s', async (_, body, pointer) => {
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

    it('answers 400 for edits that conflict with the existing sections', async () => {
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

    it('answers 400 for a 101st section', async () => {
      const names = (from: number, to: number) =>
        Array.from({ length: to - from }, (_, nth) => ({ name: `${from + nth}`, capacity: 1 }));
      const { id } = await organiser.open({ sections: names(0, 60) });
      const { body } = await organiser.patch(id, { sections: names(60, 101) }).expect(400);
      expect(body.errors).toMatchObject([{ pointer: '/sections' }]);
      expect((await edit(id, { sections: names(60, 100) })).totalTickets).toBe(100);
    });

    it('answers 413 for a body of more than 64 kB', async () => {
      const { id } = await organiser.open();
      await organiser.patch(id, { description: 'x'.repeat(70_000) }).expect(413);
    });
  });
});
