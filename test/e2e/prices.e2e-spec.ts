import { openSeated, readOutbox, useApp, useDatabase } from '../kit/index.js';
import { Organiser } from './support/organiser.js';

const OLD = { amount: 4_500, currency: 'EUR' };
const NEW = { amount: 6_000, currency: 'CHF' };

const of = (price: typeof OLD, places: number) => ({ ...price, total: price.amount * places });

describe('the price of places', () => {
  const database = useDatabase();
  const app = useApp(database);
  const organiser = new Organiser(app);

  interface Opened {
    readonly eventId: string;
    readonly sectionId: string;
  }

  const open = async (price: object | null, more: object = {}, capacity = 10): Promise<Opened> => {
    const sections = [{ name: 'Stalls', capacity, price }];
    const event = await organiser.open({ ...more, sections });
    return { eventId: event.id, sectionId: event.sections[0]!.id };
  };
  const edit = ({ eventId, sectionId }: Opened, part: object) =>
    organiser.patch(eventId, { sections: [{ id: sectionId, ...part }] }).expect(200);
  const post = async (path: string, body: object = {}, status = 201) =>
    (await organiser.post(path, body).expect(status)).body;
  const get = async (path: string) => (await organiser.get(path).expect(200)).body;
  const book = ({ eventId }: Opened, identifier: string, quantity = 1) =>
    post('/book', { eventId, identifier, quantity });
  const hold = ({ eventId }: Opened, identifier: string, quantity = 1) =>
    post('/v1/holds', { eventId, identifier, quantity });
  const wait = async (event: Opened, identifier: string): Promise<string> =>
    (await book(event, identifier)).waitingEntry.id;
  const cancel = ({ eventId }: Opened, identifier: string) =>
    post('/cancel', { eventId, identifier }, 200);
  const priceOfBooking = async (id: string) => (await get(`/v1/bookings/${id}`)).price;

  it('is fixed when a hold is made, and kept when it is confirmed', async () => {
    const event = await open(OLD);
    const held = await hold(event, 'ann', 2);
    expect(held.price).toEqual(of(OLD, 2));
    await edit(event, { price: NEW });
    expect((await get(`/v1/holds/${held.id}`)).price).toEqual(of(OLD, 2));
    const { booking } = await post(`/v1/holds/${held.id}/confirm`);
    expect(booking.price).toEqual(of(OLD, 2));
    expect(await priceOfBooking(booking.id)).toEqual(of(OLD, 2));
    expect((await get(`/v1/holds/${held.id}`)).price).toEqual(of(OLD, 2));
    expect((await hold(event, 'ann', 3)).price).toEqual(of(NEW, 3));
  });

  it('is fixed when a booking is made: each booking has its own', async () => {
    const event = await open(OLD);
    const first = await book(event, 'ann', 2);
    expect(first.price).toEqual(of(OLD, 2));
    await edit(event, { price: NEW });
    const second = await post('/v1/bookings', { eventId: event.eventId, identifier: 'ann' });
    expect([second.price, second.booking.price]).toEqual([of(NEW, 1), of(NEW, 1)]);
    expect(await priceOfBooking(first.bookingId)).toEqual(of(OLD, 2));
    for (const filter of [`eventId=${event.eventId}`, 'identifier=ann&page=1']) {
      const { data } = await get(`/v1/bookings?limit=2&${filter}`);
      expect(data.map(({ price }: { price: object }) => price)).toEqual([of(NEW, 1), of(OLD, 2)]);
    }
  });

  it('is the same in a repeated response, whatever it is by then', async () => {
    const event = await open(OLD);
    const body = { eventId: event.eventId, identifier: 'ann' };
    const key = { 'Idempotency-Key': event.eventId };
    const send = (path: string) => organiser.post(path, body, key).expect(201);
    const [booked, held] = [await send('/book'), await send('/v1/holds')];
    await edit(event, { price: NEW });
    expect((await send('/book')).body).toEqual(booked.body);
    expect((await send('/v1/holds')).body).toEqual(held.body);
    expect([booked.body.price, held.body.price]).toEqual([of(OLD, 1), of(OLD, 1)]);
  });

  it('has a total for the places that the booking has left', async () => {
    const event = await open(OLD);
    const { bookingId } = await book(event, 'ann', 3);
    await edit(event, { price: NEW });
    const path = `/v1/bookings/${bookingId}/cancel`;
    expect((await post(path, { quantity: 1 }, 200)).booking.price).toEqual(of(OLD, 2));
    expect(await priceOfBooking(bookingId)).toEqual(of(OLD, 2));
    expect((await post(path, {}, 200)).booking.price).toEqual(of(OLD, 0));
    expect(await priceOfBooking(bookingId)).toEqual(of(OLD, 0));
  });

  it('of a booking from the waitlist is fixed when the entry is promoted', async () => {
    const event = await open(OLD, {}, 2);
    await book(event, 'ann', 2);
    const entry = await wait(event, 'bob');
    const own = await wait(event, 'ann');
    await edit(event, { price: NEW });
    await cancel(event, 'ann');
    const { bookingId } = await get(`/v1/waitlist/${entry}`);
    expect(await priceOfBooking(bookingId)).toEqual(of(NEW, 1));
    const { promoted } = await cancel(event, 'ann');
    expect(promoted).toMatchObject([{ waitlistEntryId: own, price: of(NEW, 1) }]);
    expect(await priceOfBooking(promoted[0].bookingId)).toEqual(of(NEW, 1));
  });

  it('of a booking from the waitlist is the new one if the same edit adds the place', async () => {
    const event = await open(OLD, {}, 1);
    await book(event, 'ann');
    const entry = await wait(event, 'bob');
    await edit(event, { price: NEW, capacity: 2 });
    const { bookingId } = await get(`/v1/waitlist/${entry}`);
    expect(await priceOfBooking(bookingId)).toEqual(of(NEW, 1));
  });

  it('of an offer is fixed when the offer is made, and kept when it is accepted', async () => {
    const event = await open(null, { waitlist: { mode: 'offer' } }, 1);
    await book(event, 'ann');
    const [entry, own] = [await wait(event, 'bob'), await wait(event, 'ann')];
    await edit(event, { price: OLD });
    await cancel(event, 'ann');
    await edit(event, { price: NEW });
    const { offer } = await get(`/v1/waitlist/${entry}`);
    expect(offer.price).toEqual(of(OLD, 1));
    expect((await get(`/v1/holds/${offer.holdId}`)).price).toEqual(of(OLD, 1));
    const { data } = await get(`/v1/waitlist?eventId=${event.eventId}`);
    expect(data[0].offer).toEqual(offer);
    const { data: theirs } = await get(`/v1/waitlist?eventId=${event.eventId}&identifier=bob`);
    expect(theirs[0].offer).toEqual(offer);
    const { booking } = await post(`/v1/waitlist/${entry}/accept`);
    expect(booking.price).toEqual(of(OLD, 1));
    await cancel(event, 'bob');
    expect((await get(`/v1/waitlist/${own}`)).offer.price).toEqual(of(NEW, 1));
  });

  it('is in the offer that a cancellation returns', async () => {
    const event = await open(OLD, { waitlist: { mode: 'offer' } }, 1);
    await book(event, 'ann');
    await wait(event, 'ann');
    await edit(event, { price: NEW });
    const { promoted } = await cancel(event, 'ann');
    expect(promoted).toMatchObject([{ price: of(NEW, 1), offer: {} }]);
  });

  it('of a reserved seat is in the response', async () => {
    const { seatIds, ...event } = await openSeated(app.server, { rows: 1, perRow: 2 });
    const reserve = (nth: number) =>
      post(`/v1/seats/${seatIds[nth]}/reserve`, { identifier: 'ann' });
    expect((await reserve(0)).price).toBeNull();
    await edit(event, { price: OLD });
    expect((await reserve(1)).price).toEqual(of(OLD, 1));
  });

  it('is null if the section had none, also after it gets one', async () => {
    const event = await open(null, { waitlist: { mode: 'offer' } }, 3);
    const held = await hold(event, 'ann');
    const made = await post('/v1/bookings', { eventId: event.eventId, identifier: 'bob' });
    await book(event, 'cyd');
    const entry = await wait(event, 'dan');
    const { price: booked } = made;
    expect([held.price, booked, made.booking.price]).toEqual([null, null, null]);
    await cancel(event, 'cyd');
    await edit(event, { price: NEW });
    const { offer } = await get(`/v1/waitlist/${entry}`);
    expect(offer.price).toBeNull();
    const confirmed = await post(`/v1/holds/${held.id}/confirm`);
    const accepted = await post(`/v1/waitlist/${entry}/accept`);
    expect([confirmed.booking.price, accepted.booking.price]).toEqual([null, null]);
    expect(await priceOfBooking(made.bookingId)).toBeNull();
  });

  it('stays after the section has lost its own, and may be 0', async () => {
    const event = await open({ ...OLD, amount: 0 });
    const { bookingId } = await book(event, 'ann', 2);
    await edit(event, { price: null });
    expect(await priceOfBooking(bookingId)).toEqual({ amount: 0, currency: 'EUR', total: 0 });
    expect((await book(event, 'ann')).price).toBeNull();
  });

  it('is exact up to the largest amount', async () => {
    const event = await open({ amount: 1e12, currency: 'IDR' }, {}, 9_000);
    const { price } = await book(event, 'ann', 9_000);
    expect(price).toEqual({ amount: 1e12, currency: 'IDR', total: 9e15 });
  });

  it('is null in the stored response of a version that did not record it', async () => {
    const event = await open(OLD);
    const body = { eventId: event.eventId, identifier: 'ann' };
    const key = { 'Idempotency-Key': event.eventId };
    const send = (path: string) => organiser.post(path, body, key).expect(201);
    const before = await send('/v1/bookings');
    await send('/v1/holds');
    await database.query(
      `UPDATE idempotency_keys
          SET result = JSON_REMOVE(result, '$.booking.price', '$.hold.price')`,
    );
    const { body: after } = await send('/v1/bookings');
    const booking = { ...before.body.booking, price: null };
    expect(after).toEqual({ ...before.body, price: null, booking });
    expect((await send('/v1/holds')).body.price).toBeNull();
  });

  it('is in the messages of holds and bookings, with the total of their places', async () => {
    const event = await open(OLD, { waitlist: { mode: 'offer' } }, 3);
    const held = await hold(event, 'ann', 2);
    await edit(event, { price: NEW });
    const { booking } = await post(`/v1/holds/${held.id}/confirm`);
    await book(event, 'bob');
    await wait(event, 'cyd');
    await post(`/v1/bookings/${booking.id}/cancel`, { quantity: 1 }, 200);
    const messages = await readOutbox(database, event.eventId);
    const prices = messages.flatMap(({ type, payload }) =>
      payload['price'] === undefined ? [] : [[type, payload['price']]],
    );
    expect(prices).toEqual([
      ['hold.created', of(OLD, 2)],
      ['hold.confirmed', of(OLD, 2)],
      ['booking.confirmed', of(OLD, 2)],
      ['booking.confirmed', of(NEW, 1)],
      ['booking.cancelled', of(OLD, 1)],
      ['hold.created', of(NEW, 1)],
      ['waitlist.offered', of(NEW, 1)],
    ]);
  });
});
