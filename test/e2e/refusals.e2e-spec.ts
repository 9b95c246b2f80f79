import request from 'supertest';
import type { RefusalCode } from '../../src/allocation/core/refusals.js';
import type { AuditResponse } from '../../src/events/dto/audit.dto.js';
import { uuidV7 } from '../../src/platform/common/index.js';
import { useApp, useDatabase } from '../kit/index.js';
import type { Attempt, Expected } from './support/refused.js';
import { Scenes } from './support/scenes.js';
import { documentedErrors } from '../kit/error-document.js';

/** A person without a stored user; a refusal must not store one. */
const newcomer = (): string => `newcomer-${uuidV7()}`;

const NOBODYS = '01939c5e-0000-7000-8000-000000000000';
const documented = new Map(documentedErrors().map((row) => [row.code, row]));

describe('a refusal', () => {
  const database = useDatabase();
  const app = useApp(database);

  const {
    get,
    post,
    remove,
    open,
    openSeated,
    book,
    hold,
    sectionsOf,
    soldOut,
    twoFreeForBob,
    expiredHold,
    releasedHold,
    confirmedHold,
    waitingBob,
    offeredBob,
    overdueOffer,
    bookingOfTwo,
  } = new Scenes(app);

  const setSales = (sales: 'OPEN' | 'CLOSED', eventIds: readonly string[]) =>
    database.query('UPDATE sections SET sales = ? WHERE event_id IN (?)', [sales, eventIds]);
  /** Simulates a cancelled event whose bookings, holds and offers have not been ended yet. */
  const closeSales = async (eventId: string): Promise<void> => {
    await setSales('CLOSED', [eventId]);
    closed.push(eventId);
  };
  const closed: string[] = [];
  // The outbox messages of these events report no closing, so their sales must not stay closed.
  afterEach(async () => {
    if (closed.length > 0) await setSales('OPEN', closed.splice(0));
  });

  const REFUSALS: Readonly<Record<RefusalCode, Expected>> = {
    event_not_found: {
      status: 404,
      when: {
        'a booking of an unknown event': async () => ({
          eventId: await open(1),
          path: '/book',
          body: { eventId: NOBODYS, identifier: newcomer() },
        }),
        'an edit of an unknown event': async () => ({
          eventId: await open(1),
          method: 'patch',
          path: `/v1/events/${NOBODYS}`,
          body: { name: 'Gala' },
        }),
      },
    },
    event_not_on_sale: {
      status: 409,
      when: {
        'a booking of a draft': async () => {
          const eventId = await open(1, { status: 'DRAFT' });
          return { eventId, path: '/book', body: { eventId, identifier: newcomer() } };
        },
        'a hold for a cancelled event': async () => {
          const eventId = await open(1);
          await post(`/v1/events/${eventId}/cancel`);
          return { eventId, path: '/v1/holds', body: { eventId, identifier: newcomer() } };
        },
        'confirming a hold while the event is being cancelled': async () => {
          const eventId = await open(1);
          const path = `/v1/holds/${await hold(eventId)}/confirm`;
          await closeSales(eventId);
          return { eventId, path };
        },
        'accepting an offer while the event is being cancelled': async () => {
          const { eventId, path } = await offeredBob();
          await closeSales(eventId);
          return { eventId, path: `${path}/accept` };
        },
      },
    },
    idempotency_key_reused: {
      status: 422,
      when: {
        'the key of another booking': async () => {
          const [eventId, key] = [await open(5), uuidV7()];
          const body = { eventId, identifier: 'ann' };
          await request(app.server).post('/book').set('Idempotency-Key', key).send(body);
          return { eventId, path: '/book', body: { ...body, quantity: 2 }, key };
        },
        'the key of an edit of another event': async () => {
          const [eventId, other, key] = [await open(5), await open(5), uuidV7()];
          const path = `/v1/events/${eventId}`;
          const body = { name: 'Gala' };
          const edit = request(app.server).patch(`/v1/events/${other}`);
          await edit.set('Idempotency-Key', key).send(body).expect(200);
          return { eventId, method: 'patch', path, body, key };
        },
      },
    },
    exceeds_capacity: {
      status: 409,
      when: {
        'a booking above the capacity': async () => {
          const eventId = await open(3);
          const body = { eventId, identifier: newcomer(), quantity: 4 };
          return { eventId, path: '/book', body, fields: { requested: 4, capacity: 3 } };
        },
        'a hold above the capacity': async () => {
          const eventId = await open(3);
          const body = { eventId, identifier: newcomer(), quantity: 5 };
          return { eventId, path: '/v1/holds', body, fields: { requested: 5, capacity: 3 } };
        },
      },
    },
    limit_exceeded: {
      status: 409,
      when: {
        'a booking above maxPerBooking': async () => {
          const eventId = await open(9, { limits: { maxPerBooking: 4 } });
          const body = { eventId, identifier: newcomer(), quantity: 5 };
          const fields = { requested: 5, limit: 4, per: 'booking' };
          return { eventId, path: '/book', body, fields };
        },
        'a booking of more than 10,000 tickets': async () => {
          const eventId = await open(20_000);
          const body = { eventId, identifier: newcomer(), quantity: 10_001 };
          const fields = { requested: 10_001, limit: 10_000, per: 'booking' };
          return { eventId, path: '/v1/bookings', body, fields };
        },
        'a hold above maxPerPerson, counted over all sections': async () => {
          const sections = [1, 2, 3].map((nth) => ({ name: `Tier ${nth}`, capacity: 2 }));
          const eventId = await open({ sections }, { limits: { maxPerPerson: 4 } });
          const [one, two, three] = await sectionsOf(eventId);
          await book(eventId, 'ann', { sectionId: one, quantity: 2 });
          await hold(eventId, { sectionId: two });
          const body = { eventId, sectionId: three, identifier: 'ann', quantity: 2 };
          const fields = { requested: 2, limit: 4, per: 'person', has: 3 };
          return { eventId, path: '/v1/holds', body, fields };
        },
      },
    },
    sold_out: {
      status: 409,
      when: {
        'a booking with onSoldOut "refuse"': async () => {
          const eventId = await soldOut();
          const body = { eventId, identifier: newcomer(), onSoldOut: 'refuse' };
          return { eventId, path: '/book', body, fields: { requested: 1 } };
        },
        'a booking of an event without a waitlist': async () => {
          const eventId = await soldOut({ waitlist: { enabled: false } });
          const body = { eventId, identifier: newcomer() };
          return { eventId, path: '/book', body, fields: { requested: 1 } };
        },
        'a hold of places that belong to the waitlist': async () => {
          const eventId = await twoFreeForBob();
          const body = { eventId, identifier: newcomer(), quantity: 2 };
          return { eventId, path: '/v1/holds', body, fields: { requested: 2 } };
        },
        'a seat that belongs to the waitlist': async () => {
          const { eventId, seatIds } = await openSeated(3);
          await book(eventId, 'ann', { seatIds: [seatIds[0]] });
          await book(eventId, 'bob', { quantity: 3 });
          const path = `/v1/seats/${seatIds[1]}/reserve`;
          return { eventId, path, body: { identifier: newcomer() }, fields: { requested: 1 } };
        },
      },
    },
    already_waiting: {
      status: 409,
      when: {
        'a second waitlist entry': async () => {
          const { eventId } = await waitingBob();
          return { eventId, path: '/book', body: { eventId, identifier: 'bob' } };
        },
        'a waitlist entry beside an offer': async () => {
          const { eventId } = await offeredBob();
          return { eventId, path: '/book', body: { eventId, identifier: 'bob' } };
        },
      },
    },
    waitlist_full: {
      status: 409,
      when: {
        'joining a waitlist of maxSize entries': async () => {
          const { eventId } = await waitingBob({ waitlist: { maxSize: 1 } });
          const body = { eventId, identifier: newcomer() };
          return { eventId, path: '/book', body, fields: { max: 1 } };
        },
      },
    },
    booking_not_found: {
      status: 404,
      when: {
        'a cancellation by a person without bookings who is not waiting': async () => {
          const eventId = await soldOut();
          return { eventId, path: '/cancel', body: { eventId, identifier: newcomer() } };
        },
        'a cancellation of another person’s booking by a waiting person': async () => {
          const { eventId, booking } = await bookingOfTwo();
          await book(eventId, 'bob', { quantity: 4 });
          const body = { eventId, identifier: 'bob', bookingId: booking.id };
          const detail =
            'This booking does not exist, is cancelled or belongs to another customer.';
          return { eventId, path: '/cancel', body, detail };
        },
        'a second cancellation of a booking': async () => {
          const { eventId, path } = await bookingOfTwo();
          await remove(path);
          return { eventId, method: 'delete', path };
        },
        'an unknown id': async () => ({
          eventId: await open(1),
          path: `/v1/bookings/${NOBODYS}/cancel`,
          body: {},
          isKept: false,
        }),
      },
    },
    ticket_not_found: {
      status: 404,
      when: {
        'another person’s ticket beside one’s own': async () => {
          const { eventId, ids } = await bookingOfTwo();
          const { tickets } = await book(eventId, 'bob');
          const ticketIds = [tickets[0].id, ids[0]];
          return { eventId, path: '/cancel', body: { eventId, identifier: 'bob', ticketIds } };
        },
        'a ticket of another booking of the same person': async () => {
          const { eventId, path } = await bookingOfTwo();
          const { tickets } = await book(eventId, 'ann');
          const body = { ticketIds: [tickets[0].id] };
          const detail =
            'At least one of the tickets does not exist, is cancelled, or belongs to another customer or booking.';
          return { eventId, path: `${path}/cancel`, body, detail };
        },
        'a seat of another person': async () => {
          const { eventId, seatIds } = await openSeated(2);
          await book(eventId, 'ann', { seatIds });
          const path = `/v1/seats/${seatIds[0]}/release`;
          return { eventId, path, body: { identifier: newcomer() } };
        },
      },
    },
    quantity_exceeds_booking: {
      status: 409,
      when: {
        'more tickets than the person has': async () => {
          const { eventId } = await bookingOfTwo();
          await book(eventId, 'ann');
          const body = { eventId, identifier: 'ann', quantity: 4 };
          return { eventId, path: '/cancel', body, fields: { requested: 4, held: 3 } };
        },
        'more tickets than the booking has': async () => {
          const { eventId, path } = await bookingOfTwo();
          await book(eventId, 'ann');
          const fields = { requested: 3, held: 2 };
          const detail = 'The request cancels more tickets than there are.';
          return { eventId, path: `${path}/cancel`, body: { quantity: 3 }, fields, detail };
        },
      },
    },
    section_not_seated: {
      status: 409,
      when: {
        'naming seats in a section without seats': async () => {
          const eventId = await open(3);
          const body = { eventId, identifier: newcomer(), seatIds: [NOBODYS] };
          return { eventId, path: '/v1/holds', body };
        },
      },
    },
    section_seated: {
      status: 409,
      when: {
        'a capacity that differs from the number of seats': async () => {
          const { eventId } = await openSeated(2);
          const [id] = await sectionsOf(eventId);
          const body = { name: 'Gala', sections: [{ id, capacity: 3 }] };
          return { eventId, method: 'patch', path: `/v1/events/${eventId}`, body };
        },
      },
    },
    seat_not_found: {
      status: 404,
      when: {
        'a seat of another event beside a free one': async () => {
          const { eventId, seatIds } = await openSeated(2);
          const { seatIds: foreign } = await openSeated(1);
          const chosen = [seatIds[0], foreign[0]];
          const body = { eventId, identifier: newcomer(), seatIds: chosen };
          return { eventId, path: '/v1/bookings', body, fields: { seatIds: foreign } };
        },
        'an unknown id': async () => ({
          eventId: await open(1),
          path: `/v1/seats/${NOBODYS}/reserve`,
          body: { identifier: newcomer() },
          isKept: false,
        }),
      },
    },
    seat_taken: {
      status: 409,
      when: {
        'a booked seat beside a free one': async () => {
          const { eventId, seatIds } = await openSeated(3);
          await book(eventId, 'ann', { seatIds: [seatIds[1]] });
          const body = { eventId, identifier: newcomer(), seatIds };
          return { eventId, path: '/v1/bookings', body, fields: { seatIds: [seatIds[1]] } };
        },
        'a seat held by the same person': async () => {
          const { eventId, seatIds } = await openSeated(1);
          await hold(eventId, { seatIds });
          const path = `/v1/seats/${seatIds[0]}/reserve`;
          const detail = 'Not all of these seats are free.';
          return { eventId, path, body: { identifier: 'ann' }, fields: { seatIds }, detail };
        },
      },
    },
    hold_not_found: {
      status: 404,
      when: {
        'an unknown id': async () => ({
          eventId: await open(1),
          path: `/v1/holds/${NOBODYS}/confirm`,
          isKept: false,
        }),
        'releasing a released hold': async () => ({
          ...(await releasedHold()),
          method: 'delete',
        }),
        'releasing an expired hold': async () => ({ ...(await expiredHold()), method: 'delete' }),
      },
    },
    hold_expired: {
      status: 409,
      when: {
        'confirming an expired hold': async () => {
          const { eventId, path } = await expiredHold();
          return { eventId, path: `${path}/confirm` };
        },
      },
    },
    hold_released: {
      status: 409,
      when: {
        'confirming a released hold': async () => {
          const { eventId, path } = await releasedHold();
          return { eventId, path: `${path}/confirm` };
        },
      },
    },
    hold_confirmed: {
      status: 409,
      when: {
        'confirming a confirmed hold': async () => {
          const { eventId, path } = await confirmedHold();
          return { eventId, path: `${path}/confirm` };
        },
        'releasing a confirmed hold': async () => ({
          ...(await confirmedHold()),
          method: 'delete',
        }),
      },
    },
    entry_not_found: {
      status: 404,
      when: {
        'an unknown id': async () => ({
          eventId: await open(1),
          method: 'delete',
          path: `/v1/waitlist/${NOBODYS}`,
          isKept: false,
        }),
        'leaving twice': async () => {
          const { eventId, path } = await waitingBob();
          await remove(path);
          return { eventId, method: 'delete', path };
        },
        'accepting a declined offer': async () => {
          const { eventId, path } = await offeredBob();
          await post(`${path}/decline`);
          return { eventId, path: `${path}/accept` };
        },
        'declining an accepted offer': async () => {
          const { eventId, path } = await offeredBob();
          await post(`${path}/accept`);
          return { eventId, path: `${path}/decline` };
        },
      },
    },
    not_offered: {
      status: 409,
      when: {
        'accepting before there is an offer': async () => {
          const { eventId, path } = await waitingBob();
          return { eventId, path: `${path}/accept` };
        },
        'declining before there is an offer': async () => {
          const { eventId, path } = await waitingBob();
          return { eventId, path: `${path}/decline` };
        },
      },
    },
    offer_expired: {
      status: 409,
      when: {
        'accepting an expired offer': async () => {
          const { eventId, path } = await overdueOffer();
          return { eventId, path: `${path}/accept` };
        },
        'declining an expired offer': async () => {
          const { eventId, path } = await overdueOffer();
          return { eventId, path: `${path}/decline` };
        },
      },
    },
    capacity_below_sold: {
      status: 409,
      when: {
        'a capacity below booked plus held, beside other edits': async () => {
          const eventId = await open(5);
          await book(eventId, 'ann', { quantity: 2 });
          await hold(eventId);
          const body = { name: 'Gala', limits: { maxPerBooking: 1 }, totalTickets: 2 };
          const fields = { requested: 2, sold: 3 };
          return { eventId, method: 'patch', path: `/v1/events/${eventId}`, body, fields };
        },
      },
    },
  };

  /** All that is stored about this event and all others. */
  const look = async (eventId: string) => {
    const audit: AuditResponse = await get(`/v1/events/${eventId}/audit`);
    expect(audit).toMatchObject({ consistent: true });
    return {
      event: await get(`/v1/events/${eventId}`),
      status: await get(`/status/${eventId}`),
      rows: await database.query(`CHECKSUM TABLE ${TABLES.join()}`),
    };
  };
  /** All tables except the idempotency keys. */
  const TABLES = [
    'events',
    'sections',
    'seats',
    'users',
    'bookings',
    'tickets',
    'booked_seats',
    'holds',
    'waitlist_entries',
    'outbox_messages',
  ];

  const send = ({ method = 'post', path, body }: Attempt, key: string) => {
    const asked = request(app.server)[method](path).set('Idempotency-Key', key);
    return body === undefined ? asked : asked.send(body);
  };

  describe.each(Object.entries(REFUSALS))('%s', (code, { status, when }) => {
    it.each(Object.entries(when))('%s', async (_, prepare) => {
      const attempt = await prepare();
      const before = await look(attempt.eventId);
      const key = attempt.key ?? uuidV7();
      const answer = await send(attempt, key);
      expect([answer.status, answer.headers['content-type']]).toEqual([
        status,
        'application/problem+json; charset=utf-8',
      ]);
      const { detail = expect.stringMatching(/^[A-Z][^!]*\.$/), fields = {} } = attempt;
      expect(answer.body).toEqual({
        type: `urn:rowlock:problem:${code}`,
        title: expect.stringMatching(/^[A-Z][a-z ]+$/),
        status,
        detail,
        instance: attempt.path,
        code,
        requestId: answer.headers['x-request-id'],
        ...fields,
      });
      const again = await send(attempt, key);
      expect({ ...again.body, requestId: '' }).toEqual({ ...answer.body, requestId: '' });
      const { isKept = documented.get(code)!.isKept ?? false } = attempt;
      const isReplay = ({ headers }: request.Response) =>
        headers['idempotency-replayed'] === 'true';
      expect([answer, again].map(isReplay)).toEqual([false, isKept]);
      expect(await look(attempt.eventId)).toEqual(before);
    });
  });
});
