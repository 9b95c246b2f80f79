import request from 'supertest';
import { openSeated, useApp, useDatabase } from '../kit/index.js';

describe('every answer about a seat names its row and number', () => {
  const app = useApp(useDatabase());
  const identifier = 'ann@example.org';
  let eventId: string;
  let seatIds: readonly string[];

  const post = async (path: string, body: object, status = 201) =>
    (await request(app.server).post(path).send(body).expect(status)).body;
  const get = async (path: string) => (await request(app.server).get(path).expect(200)).body;
  const seat = (nth: number) => ({ id: seatIds[nth], row: 'A', number: nth + 1 });
  const ticket = (nth: number) => ({ seatId: seatIds[nth], seat: seat(nth) });

  beforeEach(async () => {
    ({ eventId, seatIds } = await openSeated(app.server, { rows: 1, perRow: 4 }));
  });

  it('when seats are booked, read and cancelled', async () => {
    const wish = { eventId, identifier, seatIds: seatIds.slice(0, 3) };
    const { tickets, booking } = await post('/v1/bookings', wish);
    expect(tickets).toMatchObject([ticket(0), ticket(1), ticket(2)]);
    expect(booking.tickets).toEqual(tickets);
    expect((await get(`/v1/bookings/${booking.id}`)).tickets).toEqual(tickets);
    const { data } = await get(`/v1/bookings?eventId=${eventId}`);
    expect(data[0].tickets).toEqual(tickets);
    const part = await post(`/v1/bookings/${booking.id}/cancel`, { quantity: 1 }, 200);
    expect(part.tickets).toMatchObject([ticket(2)]);
    expect(part.booking.tickets).toMatchObject([ticket(0), ticket(1)]);
    const last = await post('/cancel', { eventId, identifier }, 200);
    expect(last.ticket).toMatchObject(ticket(1));
    expect(last.tickets).toMatchObject([ticket(1)]);
  });

  it('when /book chooses them', async () => {
    const { tickets } = await post('/book', { eventId, identifier, quantity: 2 });
    expect(tickets).toMatchObject([ticket(0), ticket(1)]);
  });

  it('when one is reserved and released', async () => {
    const reserved = await post(`/v1/seats/${seatIds[3]}/reserve`, { identifier });
    expect(reserved.ticket).toMatchObject(ticket(3));
    const released = await post(`/v1/seats/${seatIds[3]}/release`, { identifier }, 200);
    expect(released.ticket).toMatchObject(ticket(3));
  });

  it('when they are held, read and confirmed', async () => {
    const hold = await post('/v1/holds', { eventId, identifier, quantity: 2 });
    expect(hold).toMatchObject({ seatIds: seatIds.slice(0, 2), seats: [seat(0), seat(1)] });
    expect(await get(`/v1/holds/${hold.id}`)).toEqual(hold);
    const { booking } = await post(`/v1/holds/${hold.id}/confirm`, {});
    expect(booking.tickets).toMatchObject([ticket(0), ticket(1)]);
    expect(await get(`/v1/holds/${hold.id}`)).not.toHaveProperty('seats');
  });

  it('also in the stored answer to a repeated request', async () => {
    const body = { eventId, identifier, quantity: 2 };
    const send = (path: string) =>
      request(app.server).post(path).set('Idempotency-Key', 'twice').send(body).expect(201);
    for (const path of ['/book', '/v1/holds']) {
      const first = await send(path);
      const again = await send(path);
      expect(again.headers['idempotency-replayed']).toBe('true');
      expect(again.body).toEqual(first.body);
    }
  });

  it('when an offer is accepted', async () => {
    const more = { waitlist: { mode: 'offer' } };
    ({ eventId, seatIds } = await openSeated(app.server, { rows: 1, perRow: 1, more }));
    await post('/book', { eventId, identifier });
    const { waitingEntry } = await post('/book', { eventId, identifier: 'bob@example.org' });
    await post('/cancel', { eventId, identifier }, 200);
    const { offer } = await get(`/v1/waitlist/${waitingEntry.id}`);
    expect(await get(`/v1/holds/${offer.holdId}`)).toMatchObject({ seats: [seat(0)] });
    const { booking } = await post(`/v1/waitlist/${waitingEntry.id}/accept`, {});
    expect(booking.tickets).toMatchObject([ticket(0)]);
  });
});
