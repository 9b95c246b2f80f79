import { BoxOffice } from '../../../test/unit/support/box-office.js';
import { PLACES_PER_BOOKING_MAX } from './book.js';

describe('book', () => {
  it('gives free places at once', () => {
    const office = new BoxOffice({ capacity: 5 });
    const { booking, ticketIds } = office.booked('Ann', 3);
    expect(booking).toMatchObject({ userId: 'Ann', quantity: 3, waitlistEntryId: null });
    expect(new Set(ticketIds).size).toBe(3);
    expect(office.now).toMatchObject({ booked: 3, available: 2, bookings: 1, version: 1 });
  });

  it('sells the last place', () => {
    const office = new BoxOffice({ capacity: 2 });
    expect(office.book('Ann', 2)).toMatchObject({ kind: 'booked' });
    expect(office.now.available).toBe(0);
  });

  it('puts whoever comes to a full section in the line, and tells the true position', () => {
    const office = new BoxOffice({ capacity: 1 });
    office.book('Ann');
    expect(office.book('Bob')).toMatchObject({ kind: 'waitlisted', position: 1 });
    expect(office.book('Cyd')).toMatchObject({ kind: 'waitlisted', position: 2 });
    expect(office.now).toMatchObject({ waiting: 2, lastSeq: 2, booked: 1 });
  });

  it('puts whoever wants more than is free in the line, whole: a booking is not split', () => {
    const office = new BoxOffice({ capacity: 3 });
    office.book('Ann', 2);
    expect(office.book('Bob', 2)).toMatchObject({ kind: 'waitlisted', position: 1 });
    expect(office.now).toMatchObject({ available: 1, waiting: 1 });
  });

  it('lets nobody overtake while someone waits, even if places are free', () => {
    const office = new BoxOffice({ capacity: 3 });
    office.book('Ann', 2);
    office.book('Bob', 2);
    expect(office.now.available).toBe(1);
    expect(office.book('Cyd', 1)).toMatchObject({ kind: 'waitlisted', position: 2 });
  });

  it('refuses whom it would have to queue, if he wants no queue', () => {
    const office = new BoxOffice({ capacity: 3 });
    office.book('Ann', 2);
    office.book('Bob', 2);
    const before = office.state;
    expect(office.book('Cyd', 1, 'refuse')).toEqual({
      kind: 'refused',
      refusal: { code: 'sold_out', requested: 1 },
    });
    expect(office.state).toEqual(before);
  });

  it('refuses a second place in the line to the same person', () => {
    const office = new BoxOffice({ capacity: 1 });
    office.book('Ann');
    office.book('Bob');
    const before = office.state;
    expect(office.book('Bob')).toEqual({ kind: 'refused', refusal: { code: 'already_waiting' } });
    expect(office.state).toEqual(before);
  });

  it('lets a person who holds tickets wait for more of them', () => {
    const office = new BoxOffice({ capacity: 1 });
    office.book('Ann');
    expect(office.book('Ann')).toMatchObject({ kind: 'waitlisted', position: 1 });
  });

  it('refuses more than the section could ever hold, instead of queueing it for ever', () => {
    const office = new BoxOffice({ capacity: 4 });
    const before = office.state;
    expect(office.book('Ann', 5)).toEqual({
      kind: 'refused',
      refusal: { code: 'exceeds_capacity', requested: 5, capacity: 4 },
    });
    expect(office.state).toEqual(before);
  });

  it('bounds the places of one booking, because its tickets are written under the lock', () => {
    const office = new BoxOffice({ capacity: PLACES_PER_BOOKING_MAX + 1 });
    const requested = PLACES_PER_BOOKING_MAX + 1;
    expect(office.book('Ann', requested)).toEqual({
      kind: 'refused',
      refusal: { code: 'limit_exceeded', requested, limit: PLACES_PER_BOOKING_MAX },
    });
    expect(office.book('Ann', PLACES_PER_BOOKING_MAX)).toMatchObject({ kind: 'booked' });
  });

  it('refuses everybody while sales are closed, before any other reason', () => {
    const office = new BoxOffice({ capacity: 4, sales: 'CLOSED' });
    const before = office.state;
    for (const quantity of [1, 5]) {
      expect(office.book('Ann', quantity)).toEqual({
        kind: 'refused',
        refusal: { code: 'event_not_on_sale' },
      });
    }
    expect(office.state).toEqual(before);
  });

  it('tells every change once, numbered without gaps', () => {
    const office = new BoxOffice({ capacity: 1, version: 41 });
    office.book('Ann');
    office.book('Bob');
    expect(office.messageTypes).toEqual(['booking.confirmed', 'waitlist.joined']);
    expect(office.desk.messages.map((message) => message.sequence)).toEqual([42, 43]);
    expect(office.now.version).toBe(43);
    const [confirmed] = office.desk.messages;
    expect(confirmed).toMatchObject({ eventId: 'concert', sectionId: 'stalls' });
    expect(confirmed!.payload).toMatchObject({ userId: 'Ann', quantity: 1 });
  });
});
