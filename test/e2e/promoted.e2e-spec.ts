import request from 'supertest';
import { openSeated, useApp, useDatabase } from '../kit/index.js';

describe('a cancellation tells what the freed places became for the same customer', () => {
  const app = useApp(useDatabase());
  const ann = 'ann@example.org';
  const bob = 'bob@example.org';

  const post = async (path: string, body: object, status = 201) =>
    (await request(app.server).post(path).send(body).expect(status)).body;
  const open = async (totalTickets: number, more: object = {}): Promise<string> =>
    (await post('/v1/events', { name: 'Opera', totalTickets, ...more })).id;
  const wait = async (eventId: string, identifier: string): Promise<string> =>
    (await post('/book', { eventId, identifier })).waitingEntry.id;

  it('POST /cancel, with the booking', async () => {
    const eventId = await open(1);
    await post('/book', { eventId, identifier: ann });
    const waitlistEntryId = await wait(eventId, ann);
    const { ticket, promoted } = await post('/cancel', { eventId, identifier: ann }, 200);
    expect(promoted).toMatchObject([{ waitlistEntryId, quantity: 1, tickets: [{ eventId }] }]);
    const [{ bookingId, tickets }] = promoted;
    expect(tickets[0]).toMatchObject({ status: 'BOOKED', userId: ticket.userId });
    const { body } = await request(app.server).get(`/v1/bookings/${bookingId}`).expect(200);
    expect(body.tickets).toEqual(tickets);
  });

  it('POST /cancel, with the offer', async () => {
    const eventId = await open(1, { waitlist: { mode: 'offer' } });
    await post('/book', { eventId, identifier: ann });
    const waitlistEntryId = await wait(eventId, ann);
    const { promoted } = await post('/cancel', { eventId, identifier: ann }, 200);
    expect(promoted).toMatchObject([{ waitlistEntryId, quantity: 1 }]);
    const { holdId, expiresAt } = promoted[0].offer;
    const { body } = await request(app.server).get(`/v1/holds/${holdId}`).expect(200);
    expect(body).toMatchObject({ status: 'HELD', expiresAt, waitlistEntryId });
  });

  it('POST /v1/bookings/:id/cancel, also when it is repeated', async () => {
    const eventId = await open(1);
    const { bookingId } = await post('/book', { eventId, identifier: ann });
    const waitlistEntryId = await wait(eventId, ann);
    const send = () =>
      request(app.server)
        .post(`/v1/bookings/${bookingId}/cancel`)
        .set('Idempotency-Key', 'once')
        .expect(200);
    const first = await send();
    expect(first.body.promoted).toMatchObject([{ waitlistEntryId, tickets: [{ eventId }] }]);
    expect((await send()).body).toEqual(first.body);
  });

  it('POST /v1/seats/:id/release, with the seat', async () => {
    const { eventId, seatIds } = await openSeated(app.server, { rows: 1, perRow: 1 });
    await post(`/v1/seats/${seatIds[0]}/reserve`, { identifier: ann });
    await wait(eventId, ann);
    const path = `/v1/seats/${seatIds[0]}/release`;
    const { promoted } = await post(path, { identifier: ann }, 200);
    expect(promoted[0].tickets[0].seat).toEqual({ id: seatIds[0], row: 'A', number: 1 });
  });

  it('never names the entry of another customer', async () => {
    const eventId = await open(2);
    await post('/book', { eventId, identifier: ann, quantity: 2 });
    await wait(eventId, bob);
    const mine = await wait(eventId, ann);
    const first = await post('/cancel', { eventId, identifier: ann }, 200);
    expect(first).not.toHaveProperty('promoted');
    const second = await post('/cancel', { eventId, identifier: ann }, 200);
    expect(second.promoted).toMatchObject([{ waitlistEntryId: mine }]);
  });
});
