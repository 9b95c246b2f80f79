import { setTimeout as pause } from 'node:timers/promises';
import type request from 'supertest';
import { useApp, useDatabase } from '../kit/index.js';
import { speakWith } from './support/waitlist.js';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const NOBODYS_ID = '01939c5e-0000-7000-8000-000000000000';

describe('the waitlist', () => {
  const database = useDatabase();
  const app = useApp(database);

  const { get, post, remove, open, status, entryOf, book, cancel, wait, offered } = speakWith(app);
  const list = async (query: string) => (await get(`/v1/waitlist?${query}`).expect(200)).body;

  const expectRefused = async (
    answer: request.Test,
    refusal: { status: number; code: string },
    eventId: string,
  ): Promise<void> => {
    const before = await status(eventId);
    const { body } = await answer.expect(refusal.status);
    expect(body).toMatchObject(refusal);
    expect(await status(eventId)).toEqual(before);
  };

  describe('GET /v1/waitlist/:id', () => {
    it('shows a waiting entry', async () => {
      const { id: eventId, sections } = await open({ totalTickets: 1 });
      await book(eventId, 'ann');
      const { waitingEntry } = (await book(eventId, 'bob')).body;
      expect(await entryOf(waitingEntry.id)).toEqual({
        id: waitingEntry.id,
        eventId,
        sectionId: sections[0]!.id,
        userId: waitingEntry.userId,
        quantity: 1,
        status: 'WAITING',
        position: 1,
        createdAt: expect.stringMatching(TIME),
        endedAt: null,
        offer: null,
        bookingId: null,
      });
    });

    it('counts only entries that are still waiting ahead of it', async () => {
      const { id: eventId } = await open({ totalTickets: 1 });
      await book(eventId, 'ann');
      await wait(eventId, 'bob');
      const cyd = await wait(eventId, 'cyd');
      const dan = await wait(eventId, 'dan');
      const positions = async () =>
        Promise.all([cyd, dan].map(async (id) => (await entryOf(id)).position));
      expect(await positions()).toEqual([2, 3]);
      await cancel(eventId, 'bob');
      expect(await positions()).toEqual([1, 2]);
      await cancel(eventId, 'ann');
      expect(await positions()).toEqual([null, 1]);
    });

    it('shows an offer and its expiry, and the new head of the waitlist', async () => {
      const { bob, cyd } = await offered(60);
      const { offer, ...entry } = await entryOf(bob);
      expect(entry).toMatchObject({ status: 'OFFERED', position: null, endedAt: null });
      expect(offer).toEqual({
        holdId: expect.stringMatching(UUID),
        expiresAt: expect.stringMatching(TIME),
        price: null,
      });
      const seconds = (Date.parse(offer.expiresAt) - Date.now()) / 1_000;
      expect(seconds).toBeGreaterThan(50);
      expect(seconds).toBeLessThanOrEqual(60);
      const hold = (await get(`/v1/holds/${offer.holdId}`).expect(200)).body;
      expect(hold).toMatchObject({ waitlistEntryId: bob, expiresAt: offer.expiresAt });
      expect(await entryOf(cyd)).toMatchObject({ status: 'WAITING', position: 1, offer: null });
    });

    it('shows how an entry ended', async () => {
      const { id: eventId } = await open({ totalTickets: 1 });
      await book(eventId, 'ann');
      const bob = await wait(eventId, 'bob');
      const cyd = await wait(eventId, 'cyd');
      await cancel(eventId, 'ann');
      await cancel(eventId, 'cyd');
      const ended = { position: null, offer: null, endedAt: expect.stringMatching(TIME) };
      expect(await entryOf(bob)).toMatchObject({ status: 'PROMOTED', ...ended });
      expect(await entryOf(cyd)).toMatchObject({ status: 'LEFT', ...ended });
    });

    it.each([NOBODYS_ID, 'not-an-id'])('answers 404 for %s', async (id) => {
      const { body } = await get(`/v1/waitlist/${id}`).expect(404);
      expect(body).toMatchObject({ status: 404, code: 'entry_not_found' });
    });
  });

  describe('GET /v1/waitlist', () => {
    /** Two full sections; three people wait for the first and two for the second. */
    async function twoLines() {
      const { id: eventId, sections } = await open({
        sections: [
          { name: 'Stalls', capacity: 1 },
          { name: 'Circle', capacity: 1 },
        ],
      });
      const [first, second] = sections.map(({ id }) => id).sort() as [string, string];
      for (const sectionId of [first, second]) await book(eventId, 'ann', { sectionId });
      const ids: string[] = [];
      for (const [who, sectionId] of [
        ['bob', first],
        ['eve', second],
        ['cyd', first],
        ['bob', second],
        ['dan', first],
      ] as const) {
        ids.push(await wait(eventId, who, { sectionId }));
      }
      const [bob, eve, cyd, bobAgain, dan] = ids as [string, string, string, string, string];
      return { eventId, first, second, inOrder: [bob, cyd, dan, eve, bobAgain] };
    }

    const shown = ({ data }: { data: { id: string; position: number | null }[] }) =>
      data.map(({ id, position }) => [id, position]);

    it('shows the waitlist of each section in order', async () => {
      const { eventId, inOrder } = await twoLines();
      const body = await list(`eventId=${eventId}`);
      expect(body).toMatchObject({ hasMore: false, nextCursor: null });
      expect(shown(body)).toEqual(inOrder.map((id, index) => [id, [1, 2, 3, 1, 2][index]]));
      expect(body.data[0]).toEqual(await entryOf(inOrder[0]!));
    });

    it('shows the waitlist of one section', async () => {
      const { eventId, second, inOrder } = await twoLines();
      const body = await list(`eventId=${eventId.toUpperCase()}&sectionId=${second}`);
      expect(shown(body)).toEqual([
        [inOrder[3], 1],
        [inOrder[4], 2],
      ]);
    });

    it('continues behind a cursor, with correct positions', async () => {
      const { eventId, inOrder } = await twoLines();
      const pages: unknown[] = [];
      let path: string | undefined = `/v1/waitlist?eventId=${eventId}&limit=2`;
      while (path !== undefined) {
        const { body, headers }: request.Response = await get(path).expect(200);
        expect(body.hasMore).toBe(body.nextCursor !== null);
        pages.push(shown(body));
        path = /^<(.*)>; rel="next"$/.exec(headers['link'] ?? '')?.[1];
      }
      expect(pages).toEqual([
        [
          [inOrder[0], 1],
          [inOrder[1], 2],
        ],
        [
          [inOrder[2], 3],
          [inOrder[3], 1],
        ],
        [[inOrder[4], 2]],
      ]);
    });

    it('counts only entries that wait now, even behind a cursor', async () => {
      const { eventId, first, inOrder } = await twoLines();
      const { nextCursor } = await list(`eventId=${eventId}&sectionId=${first}&limit=2`);
      await remove(`/v1/waitlist/${inOrder[0]}`).expect(204);
      const body = await list(`eventId=${eventId}&sectionId=${first}&cursor=${nextCursor}`);
      expect(shown(body)).toEqual([[inOrder[2], 2]]);
    });

    it('shows offers in their order, without a position', async () => {
      const { eventId, bob, cyd } = await offered();
      const body = await list(`eventId=${eventId}`);
      expect(shown(body)).toEqual([
        [bob, null],
        [cyd, 1],
      ]);
      expect(body.data[0].offer).not.toBeNull();
      const rest = (await list(`eventId=${eventId}&limit=1`)).nextCursor;
      expect(shown(await list(`eventId=${eventId}&cursor=${rest}`))).toEqual([[cyd, 1]]);
    });

    it('omits entries that have ended', async () => {
      const { eventId, bob, cyd } = await offered();
      await post(`/v1/waitlist/${bob}/accept`).expect(201);
      await remove(`/v1/waitlist/${cyd}`).expect(204);
      expect((await list(`eventId=${eventId}`)).data).toEqual([]);
    });

    it('shows the open entries of one person, newest first', async () => {
      const { eventId, first, inOrder } = await twoLines();
      const [inFirst, inSecond] = [inOrder[0]!, inOrder[4]!];
      const body = await list(`eventId=${eventId}&identifier=%20BOB%20`);
      expect(body).toMatchObject({ hasMore: false, nextCursor: null });
      expect(shown(body)).toEqual([
        [inSecond, 2],
        [inFirst, 1],
      ]);
      expect(body.data[1]).toEqual(await entryOf(inFirst));
      expect(shown(await list(`eventId=${eventId}&userId=bob&sectionId=${first}`))).toEqual([
        [inFirst, 1],
      ]);
      const page = await list(`eventId=${eventId}&identifier=bob&limit=1`);
      expect(shown(page)).toEqual([[inSecond, 2]]);
      const next = await list(`eventId=${eventId}&identifier=bob&cursor=${page.nextCursor}`);
      expect(shown(next)).toEqual([[inFirst, 1]]);
      await remove(`/v1/waitlist/${inFirst}`).expect(204);
      expect(shown(await list(`eventId=${eventId}&identifier=bob`))).toEqual([[inSecond, 2]]);
    });

    it('shows the offer of one person', async () => {
      const { eventId, bob } = await offered();
      const { data } = await list(`eventId=${eventId}&identifier=bob`);
      expect(data).toEqual([await entryOf(bob)]);
      expect(data[0].offer).not.toBeNull();
    });

    it('returns an empty list for an unknown person', async () => {
      const { eventId } = await twoLines();
      expect((await list(`eventId=${eventId}&identifier=nobody-at-all`)).data).toEqual([]);
    });

    it('answers 404 for an unknown event or section', async () => {
      const { eventId } = await twoLines();
      const { body } = await get(`/v1/waitlist?eventId=${NOBODYS_ID}`).expect(404);
      expect(body.code).toBe('event_not_found');
      const query = `eventId=${eventId}&sectionId=${NOBODYS_ID}`;
      expect((await get(`/v1/waitlist?${query}`).expect(404)).body.code).toBe('section_not_found');
    });

    it.each([
      ['', '/eventId'],
      ['eventId=x', '/eventId'],
      [`eventId=${NOBODYS_ID}&sectionId=x`, '/sectionId'],
      [`eventId=${NOBODYS_ID}&identifier=`, '/identifier'],
      [`eventId=${NOBODYS_ID}&userId=%00`, '/userId'],
      [`eventId=${NOBODYS_ID}&limit=0`, '/limit'],
      [`eventId=${NOBODYS_ID}&limit=101`, '/limit'],
      [`eventId=${NOBODYS_ID}&cursor=x`, '/cursor'],
      [`eventId=${NOBODYS_ID}&status=WAITING`, '/status'],
    ])('refuses %p', async (query, pointer) => {
      const { body } = await get(`/v1/waitlist?${query}`).expect(400);
      expect(body.code).toBe('invalid_request');
      expect(body.errors.map((one: { pointer: string }) => one.pointer)).toEqual([pointer]);
    });

    it('refuses two different people, and cursors of another list', async () => {
      const { eventId, inOrder } = await twoLines();
      const cursor = (...keys: string[]) => Buffer.from(JSON.stringify(keys)).toString('base64url');
      for (const [query, pointer] of [
        ['identifier=bob&userId=cyd', '/userId'],
        [`cursor=${cursor(inOrder[0]!)}`, '/cursor'],
        [`cursor=${cursor('x', '1')}`, '/cursor'],
        [`cursor=${cursor(inOrder[0]!, 'one')}`, '/cursor'],
        [`identifier=bob&cursor=${cursor(inOrder[0]!, '1')}`, '/cursor'],
      ]) {
        const { body } = await get(`/v1/waitlist?eventId=${eventId}&${query}`).expect(400);
        expect(body).toMatchObject({ code: 'invalid_request', errors: [{ pointer }] });
      }
    });
  });

  describe('DELETE /v1/waitlist/:id', () => {
    it('leaves the waitlist, and answers 404 the second time', async () => {
      const { id: eventId } = await open({ totalTickets: 1 });
      await book(eventId, 'ann');
      const bob = await wait(eventId, 'bob');
      const { body } = await remove(`/v1/waitlist/${bob.toUpperCase()}`).expect(204);
      expect(body).toEqual({});
      expect(await entryOf(bob)).toMatchObject({ status: 'LEFT' });
      expect(await status(eventId)).toMatchObject({ waitingListCount: 0 });
      const again = remove(`/v1/waitlist/${bob}`);
      await expectRefused(again, { status: 404, code: 'entry_not_found' }, eventId);
    });

    it('promotes the entry behind a head that wanted more places', async () => {
      const { id: eventId } = await open({ totalTickets: 3 });
      await book(eventId, 'ann', { quantity: 2 });
      const bob = await wait(eventId, 'bob', { quantity: 2 });
      const cyd = await wait(eventId, 'cyd');
      await remove(`/v1/waitlist/${bob}`).expect(204);
      expect(await entryOf(cyd)).toMatchObject({ status: 'PROMOTED' });
    });

    it('declines an offer, which goes to the next entry', async () => {
      const { bob, cyd } = await offered();
      await remove(`/v1/waitlist/${bob}`).expect(204);
      expect(await entryOf(bob)).toMatchObject({ status: 'DECLINED', offer: null });
      expect(await entryOf(cyd)).toMatchObject({ status: 'OFFERED' });
    });

    it('takes effect once, however often it is retried with one idempotency key', async () => {
      const { bob, cyd } = await offered();
      const leave = () => remove(`/v1/waitlist/${bob}`).set('Idempotency-Key', `leave-${bob}`);
      expect((await leave().expect(204)).headers['idempotency-replayed']).toBeUndefined();
      expect((await leave().expect(204)).headers['idempotency-replayed']).toBe('true');
      expect(await entryOf(cyd)).toMatchObject({ status: 'OFFERED' });
    });

    it.each([NOBODYS_ID, 'not-an-id'])('answers 404 for %s', async (id) => {
      expect((await remove(`/v1/waitlist/${id}`).expect(404)).body.code).toBe('entry_not_found');
    });
  });

  describe('POST /v1/waitlist/:id/accept', () => {
    it('books the offered places', async () => {
      const { eventId, bob, cyd } = await offered();
      const { offer, userId, sectionId } = await entryOf(bob);
      const { body, headers } = await post(`/v1/waitlist/${bob}/accept`).expect(201);
      const { booking } = body;
      expect(body).toEqual({
        booking: {
          id: expect.stringMatching(UUID),
          eventId,
          sectionId,
          userId,
          quantity: 1,
          status: 'CONFIRMED',
          price: null,
          tickets: [{ id: expect.stringMatching(UUID), eventId, userId, status: 'BOOKED' }],
          createdAt: expect.stringMatching(TIME),
          holdId: offer.holdId,
          waitlistEntryId: bob,
        },
      });
      expect(headers['location']).toBe(`/v1/bookings/${booking.id}`);
      expect((await get(headers['location']!).expect(200)).body).toEqual(booking);
      expect(await entryOf(bob)).toMatchObject({
        status: 'PROMOTED',
        offer: null,
        bookingId: booking.id,
      });
      expect(await entryOf(cyd)).toMatchObject({ status: 'WAITING', position: 1 });
      expect(await status(eventId)).toMatchObject({ bookedTickets: 1, heldTickets: 0 });
    });

    it('books once, however often it is retried with one idempotency key', async () => {
      const { eventId, bob } = await offered();
      const accept = () =>
        post(`/v1/waitlist/${bob}/accept`).set('Idempotency-Key', `accept-${bob}`).expect(201);
      const [first, second] = [await accept(), await accept()];
      expect(second.body).toEqual(first.body);
      expect(second.headers).toMatchObject({
        'idempotency-replayed': 'true',
        location: first.headers['location'],
      });
      expect(await status(eventId)).toMatchObject({ bookedTickets: 1 });
    });

    it('does the same as confirming the offered hold', async () => {
      const { bob } = await offered();
      const { offer } = await entryOf(bob);
      const { body } = await post(`/v1/holds/${offer.holdId}/confirm`).expect(201);
      expect(body.booking).toMatchObject({ waitlistEntryId: bob, holdId: offer.holdId });
      expect(await entryOf(bob)).toMatchObject({ status: 'PROMOTED' });
    });

    it('refuses entries that are waiting, have ended or are unknown', async () => {
      const { eventId, bob, cyd } = await offered();
      const accept = (id: string) => post(`/v1/waitlist/${id}/accept`);
      await expectRefused(accept(cyd), { status: 409, code: 'not_offered' }, eventId);
      const notFound = { status: 404, code: 'entry_not_found' };
      await accept(bob).expect(201);
      await expectRefused(accept(bob), notFound, eventId);
      await expectRefused(remove(`/v1/waitlist/${bob}`), notFound, eventId);
      await expectRefused(accept(NOBODYS_ID), notFound, eventId);
      await expectRefused(accept('not-an-id'), notFound, eventId);
    });

    it('refuses an expired offer', async () => {
      const { bob } = await offered(1);
      await pause(1_100);
      const { body } = await post(`/v1/waitlist/${bob}/accept`).expect(409);
      expect(body).toMatchObject({ status: 409, code: 'offer_expired' });
      expect(await entryOf(bob)).toMatchObject({ status: 'EXPIRED', offer: null });
      expect((await remove(`/v1/waitlist/${bob}`).expect(404)).body.code).toBe('entry_not_found');
    });

    it('replays a refusal to a retry', async () => {
      const { bob, cyd } = await offered();
      const accept = () =>
        post(`/v1/waitlist/${cyd}/accept`).set('Idempotency-Key', `accept-${cyd}`).expect(409);
      await accept();
      await remove(`/v1/waitlist/${bob}`).expect(204);
      const { body, headers } = await accept();
      expect(body.code).toBe('not_offered');
      expect(headers['idempotency-replayed']).toBe('true');
    });
  });

  describe('POST /v1/waitlist/:id/decline', () => {
    it('passes the offer on to the next entry', async () => {
      const { eventId, bob, cyd } = await offered();
      const { status: _, offer: __, ...before } = await entryOf(bob);
      const { body } = await post(`/v1/waitlist/${bob}/decline`).expect(200);
      expect(body).toEqual({
        waitingEntry: {
          ...before,
          status: 'DECLINED',
          endedAt: expect.stringMatching(TIME),
          offer: null,
          bookingId: null,
        },
      });
      expect(await entryOf(bob)).toEqual(body.waitingEntry);
      expect(await entryOf(cyd)).toMatchObject({ status: 'OFFERED' });
      expect(await status(eventId)).toMatchObject({ heldTickets: 1, waitingListCount: 0 });
    });

    it('replays its answer to a retry with the same idempotency key', async () => {
      const { eventId, bob, cyd } = await offered();
      const decline = () =>
        post(`/v1/waitlist/${bob}/decline`).set('Idempotency-Key', `decline-${bob}`).expect(200);
      const [first, second] = [await decline(), await decline()];
      expect(second.body).toEqual(first.body);
      expect(second.headers['idempotency-replayed']).toBe('true');
      expect(await entryOf(cyd)).toMatchObject({ status: 'OFFERED' });
      expect(await status(eventId)).toMatchObject({ heldTickets: 1 });
    });

    it('refuses entries that are waiting, were declined or are unknown', async () => {
      const { eventId, bob, cyd } = await offered();
      const decline = (id: string) => post(`/v1/waitlist/${id}/decline`);
      await expectRefused(decline(cyd), { status: 409, code: 'not_offered' }, eventId);
      await decline(bob).expect(200);
      const notFound = { status: 404, code: 'entry_not_found' };
      await expectRefused(decline(bob), notFound, eventId);
      await expectRefused(decline(NOBODYS_ID), notFound, eventId);
      await expectRefused(decline('not-an-id'), notFound, eventId);
    });

    it('refuses an expired offer', async () => {
      const { bob } = await offered(1);
      await pause(1_100);
      const { body } = await post(`/v1/waitlist/${bob}/decline`).expect(409);
      expect(body).toMatchObject({ status: 409, code: 'offer_expired' });
    });
  });

  describe('POST /cancel', () => {
    it('declines the offer of a person without tickets', async () => {
      const { eventId, bob, cyd } = await offered();
      const { body } = await cancel(eventId, 'bob');
      expect(body.waitingEntry).toMatchObject({ id: bob, status: 'DECLINED', position: null });
      expect(await entryOf(bob)).toMatchObject({ status: 'DECLINED' });
      expect(await entryOf(cyd)).toMatchObject({ status: 'OFFERED' });
    });
  });
});
