import { CompletionService } from '../../src/events/completion.service.js';
import { readOutbox, useApp, useDatabase } from '../kit/index.js';
import { eventually } from '../kit/eventually.js';
import { NO_EVENTS, Organiser } from './support/organiser.js';

const SECTIONS = [
  { name: 'Stalls', capacity: 3 },
  { name: 'Boxes', seats: { rows: ['A'], perRow: 4 } },
];

const NOTHING_LEFT = { bookedTickets: 0, heldTickets: 0, waitingListCount: 0, bookingCount: 0 };

describe('the life of an event', () => {
  const database = useDatabase();
  const organiser = new Organiser(useApp(database));

  const publish = (id: string, headers = {}) =>
    organiser.post(`/v1/events/${id}/publish`, {}, headers);
  const cancel = (id: string, headers = {}) =>
    organiser.post(`/v1/events/${id}/cancel`, {}, headers);

  const messagesOf = async (eventId: string): Promise<string[]> => {
    const messages = await readOutbox(database, eventId);
    return messages.filter(({ sectionId }) => sectionId === null).map(({ type }) => type);
  };

  describe('POST /v1/events/:id/publish', () => {
    it('puts all sections of a draft on sale', async () => {
      const draft = await organiser.open({ status: 'DRAFT', sections: SECTIONS });
      const { body, headers } = await publish(draft.id).expect(200);
      expect(body).toEqual({
        ...draft,
        status: 'PUBLISHED',
        // The event's own version, and one of each section.
        version: draft.version + 3,
        updatedAt: body.updatedAt,
      });
      expect(headers['etag']).toBe(await organiser.etag(draft.id));
      expect(await organiser.read(draft.id)).toEqual(body);
      for (const { id: sectionId } of draft.sections) {
        await organiser.book(draft.id, 'ann', { sectionId }).expect(201);
      }
      expect(await messagesOf(draft.id)).toEqual(['event.created', 'event.published']);
    });

    it('changes nothing the second time', async () => {
      const { id } = await organiser.open({ status: 'DRAFT' });
      const first = await publish(id).expect(200);
      const second = await publish(id).expect(200);
      expect(second.body).toEqual(first.body);
      expect(second.headers['etag']).toBe(first.headers['etag']);
      expect(await messagesOf(id)).toEqual(['event.created', 'event.published']);
    });

    it('answers 409 for a cancelled event', async () => {
      const { id } = await organiser.open({ status: 'DRAFT' });
      await cancel(id).expect(200);
      expect((await publish(id).expect(409)).body.code).toBe('event_cancelled');
      expect(await organiser.status(id)).toMatchObject({ status: 'CANCELLED' });
    });

    it('replays its first answer to a retry', async () => {
      const { id } = await organiser.open({ status: 'DRAFT' });
      const headers = { 'Idempotency-Key': `publish-${id}` };
      const first = await publish(id, headers).expect(200);
      await organiser.book(id, 'ann').expect(201);
      const again = await publish(id, headers).expect(200);
      expect(again.headers['idempotency-replayed']).toBe('true');
      expect(again.body).toEqual(first.body);
    });

    it.each(NO_EVENTS)('answers 404 for event id %s', async (id) => {
      expect((await publish(id).expect(404)).body.code).toBe('event_not_found');
    });
  });

  describe('POST /v1/events/:id/cancel', () => {
    /** An event with bookings, holds and waitlist entries, in a counted and a seated section. */
    async function busyEvent() {
      const { id, sections } = await organiser.open({ sections: SECTIONS });
      const [stalls, boxes] = sections.map((section) => ({ sectionId: section.id }));
      const book = async (identifier: string, more: object) =>
        (await organiser.book(id, identifier, more).expect(201)).body;
      const hold = async (more: object) =>
        (await organiser.post('/v1/holds', { eventId: id, identifier: 'cyd', ...more })).body;
      const booked = await book('ann', { ...stalls, quantity: 2 });
      await book('bob', { ...boxes, quantity: 1 });
      const held = await hold({ ...stalls, quantity: 1 });
      await hold({ ...boxes, quantity: 2 });
      const waiting = await book('dee', { ...stalls, quantity: 2 });
      await book('eve', { ...stalls, quantity: 1 });
      return { id, stalls: stalls!, boxes: boxes!, booked, held, waiting };
    }

    it('ends all bookings and holds, frees all seats and voids the waitlist', async () => {
      const { id, booked, held } = await busyEvent();
      const { body, headers } = await cancel(id).expect(200);
      expect(body).toMatchObject({
        ...NOTHING_LEFT,
        status: 'CANCELLED',
        totalTickets: 7,
        availableTickets: 7,
      });
      expect(headers['etag']).toBe(await organiser.etag(id));
      expect(await organiser.read(id)).toEqual(body);
      const left = await database.query(
        `SELECT 'booking' AS what, status, COUNT(*) AS count FROM bookings
          WHERE event_id = :id GROUP BY status
         UNION ALL SELECT 'ticket', status, COUNT(*) FROM tickets WHERE event_id = :id GROUP BY status
         UNION ALL SELECT 'hold', status, COUNT(*) FROM holds WHERE event_id = :id GROUP BY status
         UNION ALL SELECT 'entry', status, COUNT(*) FROM waitlist_entries
          WHERE event_id = :id GROUP BY status
         UNION ALL SELECT 'seat', status, COUNT(*) FROM seats WHERE event_id = :id GROUP BY status`.replaceAll(
          ':id',
          `'${id}'`,
        ),
      );
      expect(left).toEqual([
        { what: 'booking', status: 'CANCELLED', count: 2 },
        { what: 'ticket', status: 'CANCELLED', count: 3 },
        { what: 'hold', status: 'RELEASED', count: 2 },
        { what: 'entry', status: 'VOIDED', count: 2 },
        { what: 'seat', status: 'AVAILABLE', count: 4 },
      ]);
      const booking = await organiser.get(`/v1/bookings/${booked.bookingId}`).expect(200);
      expect(booking.body).toMatchObject({ status: 'CANCELLED', quantity: 0 });
      const hold = await organiser.get(`/v1/holds/${held.id}`).expect(200);
      expect(hold.body).toMatchObject({ status: 'RELEASED' });
      expect(await messagesOf(id)).toEqual(['event.published', 'event.cancelled']);
      const audit = await organiser.get(`/v1/events/${id}/audit`).expect(200);
      expect(audit.body).toMatchObject({ consistent: true });
    });

    it('makes later bookings, holds and confirmations fail', async () => {
      const { id, stalls, boxes, held } = await busyEvent();
      await cancel(id).expect(200);
      const hold = { eventId: id, identifier: 'new', quantity: 1 };
      const answers = [
        await organiser.book(id, 'new', stalls),
        await organiser.book(id, 'new', boxes),
        await organiser.post('/v1/bookings', { eventId: id, identifier: 'new', ...stalls }),
        await organiser.post('/v1/holds', { ...hold, ...stalls }),
      ];
      for (const { status, body } of answers) {
        expect({ status, code: body.code }).toEqual({ status: 409, code: 'event_not_on_sale' });
      }
      const confirmed = await organiser.post(`/v1/holds/${held.id}/confirm`);
      expect(confirmed).toMatchObject({ status: 409, body: { code: 'hold_released' } });
      const left = await organiser.post('/cancel', { eventId: id, identifier: 'dee', ...stalls });
      expect(left).toMatchObject({ status: 404, body: { code: 'booking_not_found' } });
      expect(await organiser.status(id)).toMatchObject(NOTHING_LEFT);
    });

    it('withdraws open offers', async () => {
      const { id } = await organiser.open({ totalTickets: 1, waitlist: { mode: 'offer' } });
      await organiser.book(id, 'ann').expect(201);
      await organiser.book(id, 'bob').expect(201);
      await organiser.post('/cancel', { eventId: id, identifier: 'ann' }).expect(200);
      expect(await organiser.status(id)).toMatchObject({ heldTickets: 1, waitingListCount: 0 });
      expect((await cancel(id).expect(200)).body).toMatchObject(NOTHING_LEFT);
      const entries = await database.query(
        'SELECT status FROM waitlist_entries WHERE event_id = ?',
        [id],
      );
      expect(entries).toEqual([{ status: 'VOIDED' }]);
    });

    it('promotes nobody into the freed places', async () => {
      const { id } = await organiser.open({ totalTickets: 2 });
      for (const who of ['ann', 'bob', 'cyd', 'dee']) await organiser.book(id, who).expect(201);
      await cancel(id).expect(200);
      const [row] = await database.query(
        `SELECT COUNT(*) AS promoted FROM waitlist_entries
          WHERE event_id = ? AND status = 'PROMOTED'`,
        [id],
      );
      expect(row).toEqual({ promoted: 0 });
    });

    it('changes nothing the second time', async () => {
      const { id } = await busyEvent();
      const first = await cancel(id).expect(200);
      const second = await cancel(id).expect(200);
      expect(second.body).toEqual(first.body);
      expect(second.headers['etag']).toBe(first.headers['etag']);
      expect(await messagesOf(id)).toEqual(['event.published', 'event.cancelled']);
    });

    it('replays its first answer to a retry', async () => {
      const { id } = await busyEvent();
      const headers = { 'Idempotency-Key': `cancel-${id}` };
      const first = await cancel(id, headers).expect(200);
      const again = await cancel(id, headers).expect(200);
      expect(again.headers['idempotency-replayed']).toBe('true');
      expect(again.body).toEqual(first.body);
    });

    it('cancels a draft', async () => {
      const { id } = await organiser.open({ status: 'DRAFT' });
      expect((await cancel(id).expect(200)).body).toMatchObject({ status: 'CANCELLED' });
    });

    it('answers 200 to eight concurrent cancellations and takes effect once', async () => {
      const { id } = await busyEvent();
      const answers = await Promise.all(Array.from({ length: 8 }, () => cancel(id)));
      expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
      expect(await organiser.read(id)).toMatchObject({ ...NOTHING_LEFT, status: 'CANCELLED' });
      expect(await messagesOf(id)).toEqual(['event.published', 'event.cancelled']);
    });

    it.each(NO_EVENTS)('answers 404 for event id %s', async (id) => {
      expect((await cancel(id).expect(404)).body.code).toBe('event_not_found');
    });
  });

  describe('an event whose cancellation is not complete yet', () => {
    afterEach(() => jest.restoreAllMocks());

    it('is cancelled and off sale, and the worker ends its bookings later', async () => {
      const { id } = await organiser.open({ totalTickets: 2 });
      await organiser.book(id, 'ann').expect(201);
      const voidRemaining = jest.spyOn(CompletionService.prototype, 'voidRemaining');
      voidRemaining.mockRejectedValueOnce(new Error('The database has gone'));
      const { body } = await cancel(id).expect(200);
      expect(body).toMatchObject({ status: 'CANCELLED', bookedTickets: 1 });
      expect((await organiser.book(id, 'bob').expect(409)).body.code).toBe('event_not_on_sale');
      // The worker runs every few seconds.
      const isOver = async () => (await organiser.status(id)).bookedTickets === 0;
      await eventually('the end of its bookings', isOver);
      expect(await organiser.status(id)).toMatchObject(NOTHING_LEFT);
    });

    it('refuses to confirm a hold that is still open', async () => {
      const { id } = await organiser.open({ totalTickets: 2 });
      const wanted = { eventId: id, identifier: 'ann', quantity: 1 };
      const held = await organiser.post('/v1/holds', wanted).expect(201);
      jest.spyOn(CompletionService.prototype, 'voidRemaining').mockResolvedValue();
      await cancel(id).expect(200);
      const { body } = await organiser.post(`/v1/holds/${held.body.id}/confirm`).expect(409);
      expect(body.code).toBe('event_not_on_sale');
      jest.restoreAllMocks();
      await organiser.post(`/v1/events/${id}/cancel`).expect(200);
      expect(await organiser.status(id)).toMatchObject(NOTHING_LEFT);
    });
  });
});
