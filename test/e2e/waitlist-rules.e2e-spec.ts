import { setTimeout as pause } from 'node:timers/promises';
import { Clock } from '../../src/platform/common/index.js';
import { TransactionRunner } from '../../src/platform/database/index.js';
import { connectTo, readOutbox, useApp, useDatabase } from '../kit/index.js';
import { intensity } from '../setup/intensity.js';
import { speakWith } from './support/waitlist.js';

const ER_LOCK_DEADLOCK = '1213';
const NOBODYS_ID = '01939c5e-0000-7000-8000-000000000000';

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe('rules of the waitlist', () => {
  const database = useDatabase();
  const app = useApp(database);
  const { get, post, patch, remove, open, status, entryOf, book, cancel, wait, offered } =
    speakWith(app);

  /** The status of each entry. */
  const statusesOf = (...ids: string[]) =>
    Promise.all(ids.map(async (id) => (await entryOf(id)).status as string));

  /** The last messages of an event, each with the time of the transaction that wrote it. */
  const lastMessages = async (eventId: string, count: number) => {
    const messages = await readOutbox(database, eventId);
    return messages.filter(({ sectionId }) => sectionId !== null).slice(-count);
  };

  describe('cancelling a promoted booking does not revive its entry', () => {
    it('if it was promoted to a booking', async () => {
      const { id: eventId } = await open({ totalTickets: 1 });
      await book(eventId, 'ann');
      const bob = await wait(eventId, 'bob');
      const cyd = await wait(eventId, 'cyd');
      await cancel(eventId, 'ann');
      expect(await statusesOf(bob, cyd)).toEqual(['PROMOTED', 'WAITING']);
      await cancel(eventId, 'bob');
      expect(await statusesOf(bob, cyd)).toEqual(['PROMOTED', 'PROMOTED']);
      await cancel(eventId, 'cyd');
      expect(await status(eventId)).toMatchObject({ availableTickets: 1, waitingListCount: 0 });
    });

    it('if it was promoted by accepting an offer', async () => {
      const { eventId, bob, cyd } = await offered();
      await post(`/v1/waitlist/${bob}/accept`).expect(201);
      await cancel(eventId, 'bob');
      expect(await statusesOf(bob, cyd)).toEqual(['PROMOTED', 'OFFERED']);
      const { body } = await post(`/v1/waitlist/${bob}/accept`).expect(404);
      expect(body.code).toBe('entry_not_found');
    });
  });

  describe('free places go to the waitlist in the transaction that freed them', () => {
    it('after a cancellation', async () => {
      const { id: eventId } = await open({ totalTickets: 1 });
      await book(eventId, 'ann');
      const bob = await wait(eventId, 'bob');
      await cancel(eventId, 'ann');
      expect(await statusesOf(bob)).toEqual(['PROMOTED']);
      const messages = await lastMessages(eventId, 3);
      expect(messages.map(({ type }) => type)).toEqual([
        'booking.cancelled',
        'booking.confirmed',
        'waitlist.promoted',
      ]);
      expect(new Set(messages.map(({ createdAt }) => createdAt.getTime())).size).toBe(1);
    });

    it('after the capacity was raised', async () => {
      const { id: eventId } = await open({ totalTickets: 1 });
      await book(eventId, 'ann');
      const bob = await wait(eventId, 'bob');
      const cyd = await wait(eventId, 'cyd', { quantity: 1 });
      const dan = await wait(eventId, 'dan');
      await patch(`/v1/events/${eventId}`, { totalTickets: 3 }).expect(200);
      expect(await statusesOf(bob, cyd, dan)).toEqual(['PROMOTED', 'PROMOTED', 'WAITING']);
      const messages = await lastMessages(eventId, 5);
      expect(messages[0]).toMatchObject({ type: 'section.resized' });
      expect(new Set(messages.map(({ createdAt }) => createdAt.getTime())).size).toBe(1);
    });

    it('after a hold was released, and after one has expired', async () => {
      const { id: eventId } = await open({ totalTickets: 2 });
      const hold = (ttlSeconds: number) =>
        post('/v1/holds', { eventId, identifier: 'ann', ttlSeconds }).expect(201);
      const [long] = [(await hold(60)).body, (await hold(1)).body];
      const bob = await wait(eventId, 'bob');
      const cyd = await wait(eventId, 'cyd');
      await remove(`/v1/holds/${long.id}`).expect(204);
      expect(await statusesOf(bob, cyd)).toEqual(['PROMOTED', 'WAITING']);
      await pause(1_050);
      // Every command in the section first ends what has expired there.
      await post(`/v1/waitlist/${bob}/accept`).expect(404);
      expect(await statusesOf(cyd)).toEqual(['PROMOTED']);
    });

    it('after fit was changed to skip', async () => {
      const { id: eventId } = await open({ totalTickets: 3 });
      await book(eventId, 'ann', { quantity: 2 });
      const bob = await wait(eventId, 'bob', { quantity: 2 });
      const cyd = await wait(eventId, 'cyd');
      await patch(`/v1/events/${eventId}`, { waitlist: { fit: 'skip' } }).expect(200);
      expect(await statusesOf(bob, cyd)).toEqual(['WAITING', 'PROMOTED']);
    });
  });

  describe('a newcomer never overtakes', () => {
    it('while the head waits for more places than are free', async () => {
      const { id: eventId } = await open({ totalTickets: 3 });
      await book(eventId, 'ann', { quantity: 2 });
      const bob = await wait(eventId, 'bob', { quantity: 2 });
      const { body } = await book(eventId, 'cyd');
      expect(body.waitingEntry).toMatchObject({ status: 'WAITING', position: 2 });
      const refused = { eventId, identifier: 'dan' };
      for (const [path, more] of [
        ['/book', { onSoldOut: 'refuse' }],
        ['/v1/bookings', { onSoldOut: 'refuse' }],
        ['/v1/holds', {}],
      ] as const) {
        const answer = await post(path, { ...refused, ...more }).expect(409);
        expect(answer.body.code).toBe('sold_out');
      }
      expect(await status(eventId)).toMatchObject({ availableTickets: 1, waitingListCount: 2 });
      await cancel(eventId, 'ann', { quantity: 1 });
      expect(await statusesOf(bob, body.waitingEntry.id)).toEqual(['PROMOTED', 'WAITING']);
    });

    it('by choosing a free seat', async () => {
      const { id: eventId } = await open({
        sections: [{ name: 'Stalls', seats: { rows: ['A'], perRow: 3 } }],
      });
      await book(eventId, 'ann', { quantity: 2 });
      await wait(eventId, 'bob', { quantity: 2 });
      const { data } = (await get(`/v1/events/${eventId}/seats?status=AVAILABLE`).expect(200)).body;
      const { body } = await post(`/v1/seats/${data[0].id}/reserve`, { identifier: 'cyd' });
      expect(body).toMatchObject({ status: 409, code: 'sold_out' });
    });

    it('under skip, unless nobody on the waitlist fits', async () => {
      const { id: eventId } = await open({ totalTickets: 4, waitlist: { fit: 'skip' } });
      await book(eventId, 'ann', { quantity: 2 });
      const bob = await wait(eventId, 'bob', { quantity: 3 });
      expect((await book(eventId, 'cyd')).body.waitlisted).toBe(false);
      const dan = await wait(eventId, 'dan', { quantity: 2 });
      await cancel(eventId, 'ann', { quantity: 1 });
      expect(await statusesOf(bob, dan)).toEqual(['WAITING', 'PROMOTED']);
    });

    it('by booking a place that is on offer', async () => {
      const { eventId, bob } = await offered();
      expect((await book(eventId, 'dan')).body.waitlisted).toBe(true);
      expect(await statusesOf(bob)).toEqual(['OFFERED']);
    });
  });

  describe('the waitlist is served in order, in each section separately', () => {
    it('one entry after the other', async () => {
      const { id: eventId } = await open({ totalTickets: 1 });
      await book(eventId, 'ann');
      const ids: string[] = [];
      for (const n of range(4)) ids.push(await wait(eventId, `waiting-${n}`));
      await cancel(eventId, 'ann');
      for (const n of range(4)) {
        const expected = ids.map((_, index) => (index <= n ? 'PROMOTED' : 'WAITING'));
        expect(await statusesOf(...ids)).toEqual(expected);
        await cancel(eventId, `waiting-${n}`);
      }
    });

    it('even if an older entry waits in another section', async () => {
      const { id: eventId, sections } = await open({
        sections: [
          { name: 'Stalls', capacity: 1 },
          { name: 'Circle', capacity: 1 },
        ],
      });
      const [stalls, circle] = sections.map(({ id }) => ({ sectionId: id }));
      for (const section of [stalls, circle]) await book(eventId, 'ann', section);
      const bob = await wait(eventId, 'bob', stalls);
      const cyd = await wait(eventId, 'cyd', circle);
      const dan = await wait(eventId, 'dan', circle);
      const eve = await wait(eventId, 'eve', stalls);
      await cancel(eventId, 'ann', circle);
      expect(await statusesOf(bob, cyd, dan, eve)).toEqual([
        'WAITING',
        'PROMOTED',
        'WAITING',
        'WAITING',
      ]);
    });
  });

  describe('an offer counts once', () => {
    it('against the capacity', async () => {
      const { id: eventId } = await open({ totalTickets: 3, waitlist: { mode: 'offer' } });
      await book(eventId, 'ann', { quantity: 3 });
      const bob = await wait(eventId, 'bob', { quantity: 2 });
      await cancel(eventId, 'ann', { quantity: 3 });
      const offeredNow = { heldTickets: 2, bookedTickets: 0, availableTickets: 1 };
      expect(await status(eventId)).toMatchObject(offeredNow);
      expect((await book(eventId, 'cyd')).body.waitlisted).toBe(false);
      await post(`/v1/waitlist/${bob}/accept`).expect(201);
      const accepted = { heldTickets: 0, bookedTickets: 3, availableTickets: 0 };
      expect(await status(eventId)).toMatchObject(accepted);
    });

    it('against the limit per person, as it did while waiting', async () => {
      const { id: eventId } = await open({
        totalTickets: 2,
        limits: { maxPerPerson: 2 },
        waitlist: { mode: 'offer' },
      });
      await book(eventId, 'bob');
      await book(eventId, 'ann');
      const bob = await wait(eventId, 'bob');
      const hasTwo = { code: 'limit_exceeded', limit: 2, has: 2 };
      const more = async () =>
        (await post('/book', { eventId, identifier: 'bob' }).expect(409)).body;
      expect(await more()).toMatchObject(hasTwo);
      await cancel(eventId, 'ann');
      expect(await statusesOf(bob)).toEqual(['OFFERED']);
      expect(await more()).toMatchObject(hasTwo);
      await post(`/v1/waitlist/${bob}/accept`).expect(201);
      expect(await more()).toMatchObject(hasTwo);
      await cancel(eventId, 'bob');
      expect((await book(eventId, 'bob')).body.waitlisted).toBe(false);
    });
  });

  describe('a person waits once', () => {
    it('however often they join at the same time', async () => {
      const { id: eventId } = await open({ totalTickets: 1 });
      await book(eventId, 'ann');
      const answers = await Promise.all(
        range(20).map(() => post('/book', { eventId, identifier: 'bob' })),
      );
      const codes = answers.map(({ status: code, body }) => `${code} ${body.code ?? ''}`.trim());
      expect(codes.sort()).toEqual(['201', ...range(19).map(() => '409 already_waiting')]);
      expect(await status(eventId)).toMatchObject({ waitingListCount: 1 });
    });

    it('and cannot join again while they have an offer', async () => {
      const { eventId, bob } = await offered();
      const { body } = await post('/book', { eventId, identifier: 'bob' }).expect(409);
      expect(body.code).toBe('already_waiting');
      expect(await statusesOf(bob)).toEqual(['OFFERED']);
    });
  });

  describe('an offer that expires while it is accepted', () => {
    /** Only these: the next offer is to last until somebody has looked at it. */
    async function letOffersEnd(at: Date, eventIds: readonly string[]): Promise<void> {
      const ids = 'SELECT id FROM sections WHERE event_id IN (?)';
      await database.query(`UPDATE holds SET expires_at = ? WHERE section_id IN (${ids})`, [
        at,
        eventIds,
      ]);
      await database.query('UPDATE sections SET holds_expire_at = ? WHERE event_id IN (?)', [
        at,
        eventIds,
      ]);
    }

    it('is either booked or passed on, never both and never neither', async () => {
      // One is well before the expiry, one after it, and most are around it.
      const msFromExpiry = [-1_500, ...range(12).map((n) => 2 * n - 16), 50];
      const rounds = await Promise.all(msFromExpiry.map(() => offered(600)));
      const over = new Date(Date.now() + 3_000);
      await letOffersEnd(
        over,
        rounds.map(({ eventId }) => eventId),
      );
      const accepted = await Promise.all(
        rounds.map(async ({ eventId, bob, cyd }, nth) => {
          await pause(Math.max(0, over.getTime() - Date.now() + msFromExpiry[nth]!));
          const [answer] = await Promise.all([
            post(`/v1/waitlist/${bob}/accept`),
            post('/book', { eventId, identifier: 'dan' }),
          ]);
          const isBooked = answer.status === 201;
          if (!isBooked) expect(answer.body.code).toBe('offer_expired');
          const expected = isBooked ? ['PROMOTED', 'WAITING'] : ['EXPIRED', 'OFFERED'];
          expect(await statusesOf(bob, cyd)).toEqual(expected);
          expect(await status(eventId)).toMatchObject({
            bookedTickets: isBooked ? 1 : 0,
            heldTickets: isBooked ? 0 : 1,
            availableTickets: 0,
          });
          return isBooked;
        }),
      );
      expect(accepted[0]).toBe(true);
      expect(accepted.at(-1)).toBe(false);
    });
  });

  describe('concurrent edits and bookings of an event', () => {
    it('cause neither errors nor deadlocks', async () => {
      const { id: eventId, sections } = await open({
        sections: range(3).map((n) => ({ name: `Section ${n}`, capacity: 20 })),
        limits: { maxPerPerson: 6 },
      });
      const runner = app.nest.get(TransactionRunner);
      const deadlocks = () => runner.counts.retries.get(ER_LOCK_DEADLOCK) ?? 0;
      const before = deadlocks();
      const bookings = range(150).map((n) => () => {
        const { id: sectionId } = sections[n % 3]!;
        return post('/book', { eventId, sectionId, identifier: `person-${n % 40}`, quantity: 2 });
      });
      const cancels = range(60).map((n) => () => {
        const { id: sectionId } = sections[(n + 1) % 3]!;
        return post('/cancel', { eventId, sectionId, identifier: `person-${n % 40}` });
      });
      const edits = range(30).map((n) => () => {
        const raised = sections.map(({ id }) => ({ id, capacity: 21 + n }));
        const turned = n % 2 === 0 ? raised : raised.reverse();
        return patch(`/v1/events/${eventId}`, {
          sections: turned,
          limits: { maxPerPerson: n % 3 === 0 ? null : 6 },
        });
      });
      const all = edits.flatMap((edit, n) => {
        return [...bookings.slice(n * 5, n * 5 + 5), edit, ...cancels.slice(n * 2, n * 2 + 2)];
      });
      const answers = await Promise.all(all.map((send) => send()));
      expect(answers.filter((answer) => answer.status >= 500).map(({ body }) => body)).toEqual([]);
      expect(deadlocks() - before).toBe(0);
      await get(`/v1/events/${eventId}/audit`).expect(200, /"consistent":true/);
    });
  });

  describe('an ended entry does not stop its person from joining again', () => {
    it.each([
      ['LEFT', (id: string) => remove(`/v1/waitlist/${id}`).expect(204), 'cyd'],
      ['DECLINED', (id: string) => post(`/v1/waitlist/${id}/decline`).expect(200), 'bob'],
      ['EXPIRED', () => pause(1_100), 'bob'],
    ])('if it ended as %s', async (end, finish, who) => {
      const { eventId, bob, cyd } = await offered(end === 'EXPIRED' ? 1 : 60);
      const id = who === 'bob' ? bob : cyd;
      await finish(id);
      const again = await wait(eventId, who);
      expect(again).not.toBe(id);
      expect(await statusesOf(id, again)).toEqual([end, 'WAITING']);
    });

    it('if it ended as PROMOTED', async () => {
      const { id: eventId } = await open({ totalTickets: 1 });
      await book(eventId, 'ann');
      const bob = await wait(eventId, 'bob');
      await cancel(eventId, 'ann');
      const again = await wait(eventId, 'bob');
      expect(await statusesOf(bob, again)).toEqual(['PROMOTED', 'WAITING']);
    });

    it('if it ended as VOIDED', async () => {
      const { id: eventId } = await open({ totalTickets: 3 });
      await book(eventId, 'ann');
      const bob = await wait(eventId, 'bob', { quantity: 3 });
      await patch(`/v1/events/${eventId}`, { totalTickets: 1 }).expect(200);
      const again = await wait(eventId, 'bob');
      expect(await statusesOf(bob, again)).toEqual(['VOIDED', 'WAITING']);
    });
  });

  describe('a person who leaves and joins again stands at the end', () => {
    it('behind those who stayed', async () => {
      const { id: eventId } = await open({ totalTickets: 1 });
      await book(eventId, 'ann');
      const bob = await wait(eventId, 'bob');
      const cyd = await wait(eventId, 'cyd');
      await remove(`/v1/waitlist/${bob}`).expect(204);
      const again = await wait(eventId, 'bob');
      expect(await entryOf(again)).toMatchObject({ position: 2 });
      await cancel(eventId, 'ann');
      expect(await statusesOf(bob, cyd, again)).toEqual(['LEFT', 'PROMOTED', 'WAITING']);
    });

    it('also after declining an offer', async () => {
      const { eventId, bob, cyd } = await offered();
      const dan = await wait(eventId, 'dan');
      await remove(`/v1/waitlist/${bob}`).expect(204);
      const again = await wait(eventId, 'bob');
      await remove(`/v1/waitlist/${cyd}`).expect(204);
      expect(await statusesOf(dan, again)).toEqual(['OFFERED', 'WAITING']);
    });
  });

  describe('no commit leaves a free place that fits the next entry', () => {
    it.each([
      { fit: 'strict', mode: 'auto' },
      { fit: 'skip', mode: 'auto' },
      { fit: 'strict', mode: 'offer' },
      { fit: 'skip', mode: 'offer' },
    ])('during a storm of requests: $fit, $mode', async ({ fit, mode }) => {
      const { id: eventId, sections } = await open({
        totalTickets: 30,
        waitlist: { fit, mode, offerTtlSeconds: 1 },
      });
      const observer = await connectTo(database.url);
      let isOver = false;
      let looks = 0;
      const served = fit === 'skip' ? '' : 'ORDER BY entry.seq LIMIT 1';
      const watch = async () => {
        for (; !isOver; looks += 1) {
          // A single statement sees the state after one commit, never a state in between.
          const [missed] = await observer.query(
            `SELECT * FROM (SELECT section.available, entry.quantity
               FROM sections section
               JOIN waitlist_entries entry
                 ON entry.section_id = section.id AND entry.status = 'WAITING'
              WHERE section.id = ? ${served}) next WHERE quantity <= available`,
            [sections[0]!.id],
          );
          expect(missed).toEqual([]);
        }
      };
      const watching = watch();
      const act = (n: number) => {
        const identifier = `person-${n % 60}`;
        const sometimes = n % 7 === 0 ? { quantity: 2 } : {};
        return n % 3 === 2
          ? post('/cancel', { eventId, identifier, ...sometimes })
          : post('/book', { eventId, identifier, quantity: (n % 4) + 1 });
      };
      const answers = await Promise.all(range(intensity('STORM_JOINS')).map((n) => act(n))).finally(
        () => {
          isOver = true;
        },
      );
      await watching;
      await observer.end();
      expect(answers.filter((answer) => answer.status >= 500)).toEqual([]);
      expect(answers.filter(({ body }) => body.waitlisted).length).toBeGreaterThan(10);
      expect(looks).toBeGreaterThan(20);
    });
  });

  describe('giving back places that were never taken', () => {
    it('frees nothing and changes nothing', async () => {
      const { id: eventId } = await open({
        sections: [{ name: 'Stalls', seats: { rows: ['A'], perRow: 2 } }],
      });
      await book(eventId, 'ann');
      const hold = (await post('/v1/holds', { eventId, identifier: 'ann' }).expect(201)).body;
      await remove(`/v1/holds/${hold.id}`).expect(204);
      const waiting = await wait(eventId, 'bob', { quantity: 2 });
      const { data } = (await get(`/v1/events/${eventId}/seats`).expect(200)).body;
      const before = await status(eventId);
      expect(before).toMatchObject({ availableTickets: 1, bookedTickets: 1 });
      for (const [answer, code] of [
        [remove(`/v1/holds/${hold.id}`), 'hold_not_found'],
        [remove(`/v1/holds/${NOBODYS_ID}`), 'hold_not_found'],
        [post(`/v1/holds/${hold.id}/confirm`), 'hold_released'],
        [remove(`/v1/bookings/${NOBODYS_ID}`), 'booking_not_found'],
        [remove(`/v1/waitlist/${NOBODYS_ID}`), 'entry_not_found'],
        [post(`/v1/waitlist/${waiting}/decline`), 'not_offered'],
        [post(`/v1/waitlist/${waiting}/accept`), 'not_offered'],
        [post('/cancel', { eventId, identifier: 'cyd' }), 'booking_not_found'],
        [post('/cancel', { eventId, identifier: 'ann', quantity: 2 }), 'quantity_exceeds_booking'],
        ...data.map(({ id }: { id: string }) => [
          post(`/v1/seats/${id}/release`, { identifier: 'bob' }),
          'ticket_not_found',
        ]),
      ]) {
        expect((await answer).body.code).toBe(code);
        expect(await status(eventId)).toEqual(before);
      }
    });

    it('is not possible by leaving the waitlist', async () => {
      const { id: eventId } = await open({ totalTickets: 2 });
      await book(eventId, 'ann');
      const waiting = await wait(eventId, 'bob', { quantity: 2 });
      await remove(`/v1/waitlist/${waiting}`).expect(204);
      expect(await status(eventId)).toMatchObject({
        availableTickets: 1,
        bookedTickets: 1,
        waitingListCount: 0,
      });
    });
  });
});

describe('the moment at which a hold or an offer expires', () => {
  const database = useDatabase();
  // Settings of its own, so that there is one instance, whose clock the test controls.
  const app = useApp(database, { LANES: '1' });
  const { get, post, open, entryOf, offered } = speakWith(app);

  const at = (time: string, ms: number): void => {
    const now = new Date(Date.parse(time) + ms);
    jest.spyOn(app.nest.get(Clock), 'now').mockReturnValue(now);
  };
  afterEach(() => jest.restoreAllMocks());

  it.each([
    [-1, 'HELD', 201],
    [0, 'EXPIRED', 409],
    [1, 'EXPIRED', 409],
  ])('a hold %i ms from its expiresAt is %s', async (ms, shown, code) => {
    const { id: eventId } = await open({ totalTickets: 1 });
    const wanted = { eventId, identifier: 'ann', ttlSeconds: 3_600 };
    const hold = (await post('/v1/holds', wanted).expect(201)).body;
    at(hold.expiresAt, ms);
    expect((await get(`/v1/holds/${hold.id}`).expect(200)).body.status).toBe(shown);
    const { body } = await post(`/v1/holds/${hold.id}/confirm`).expect(code);
    expect(body.code).toBe(code === 201 ? undefined : 'hold_expired');
  });

  it.each([
    [-1, 'OFFERED', 201, 'WAITING'],
    [0, 'EXPIRED', 409, 'OFFERED'],
    [1, 'EXPIRED', 409, 'OFFERED'],
  ])('an offer %i ms from its expiresAt is %s', async (ms, shown, code, next) => {
    const { bob, cyd } = await offered(3_600);
    const { offer } = await entryOf(bob);
    at(offer.expiresAt, ms);
    expect((await entryOf(bob)).status).toBe(shown);
    const { body } = await post(`/v1/waitlist/${bob}/accept`).expect(code);
    expect(body.code).toBe(code === 201 ? undefined : 'offer_expired');
    expect((await entryOf(cyd)).status).toBe(next);
  });
});
