import { BoxOffice } from '../../../../test/unit/support/box-office.js';
import { PLACES_PER_BOOKING_MAX } from './admission.js';

describe('book', () => {
  it('books free places', () => {
    const office = new BoxOffice({ capacity: 5 });
    const { booking, tickets } = office.booked('Ann', 3);
    expect(booking).toMatchObject({
      userId: 'Ann',
      quantity: 3,
      waitlistEntryId: null,
      holdId: null,
    });
    expect(new Set(tickets.map(({ id }) => id)).size).toBe(3);
    expect(office.now).toMatchObject({ booked: 3, available: 2, bookings: 1, version: 1 });
  });

  it('sells the last place', () => {
    const office = new BoxOffice({ capacity: 2 });
    expect(office.book('Ann', 2)).toMatchObject({ kind: 'booked' });
    expect(office.now.available).toBe(0);
  });

  it('joins the waitlist of a full section, and returns the position', () => {
    const office = new BoxOffice({ capacity: 1 });
    office.book('Ann');
    expect(office.book('Bob')).toMatchObject({ kind: 'waitlisted', position: 1 });
    expect(office.book('Cyd')).toMatchObject({ kind: 'waitlisted', position: 2 });
    expect(office.now).toMatchObject({ waiting: 2, lastSeq: 2, booked: 1 });
  });

  it('joins the waitlist for all places if only some are free: a booking is not split', () => {
    const office = new BoxOffice({ capacity: 3 });
    office.book('Ann', 2);
    expect(office.book('Bob', 2)).toMatchObject({ kind: 'waitlisted', position: 1 });
    expect(office.now).toMatchObject({ available: 1, waiting: 1 });
  });

  it('joins the waitlist while others wait, even if places are free', () => {
    const office = new BoxOffice({ capacity: 3 });
    office.book('Ann', 2);
    office.book('Bob', 2);
    expect(office.now.available).toBe(1);
    expect(office.book('Cyd', 1)).toMatchObject({ kind: 'waitlisted', position: 2 });
  });

  it('refuses with sold_out instead of waiting if `onSoldOut` is `refuse`', () => {
    const office = new BoxOffice({ capacity: 3 });
    office.book('Ann', 2);
    office.book('Bob', 2);
    const before = office.snapshot;
    expect(office.book('Cyd', 1, 'refuse')).toEqual({
      kind: 'refused',
      refusal: { code: 'sold_out', requested: 1 },
    });
    expect(office.snapshot).toEqual(before);
  });

  it('refuses a second waitlist entry for the same person', () => {
    const office = new BoxOffice({ capacity: 1 });
    office.book('Ann');
    office.book('Bob');
    const before = office.snapshot;
    expect(office.book('Bob')).toEqual({ kind: 'refused', refusal: { code: 'already_waiting' } });
    expect(office.snapshot).toEqual(before);
  });

  it('lets a person with tickets wait for more', () => {
    const office = new BoxOffice({ capacity: 1 });
    office.book('Ann');
    expect(office.book('Ann')).toMatchObject({ kind: 'waitlisted', position: 1 });
  });

  it('refuses more places than the capacity instead of letting them wait forever', () => {
    const office = new BoxOffice({ capacity: 4 });
    const before = office.snapshot;
    expect(office.book('Ann', 5)).toEqual({
      kind: 'refused',
      refusal: { code: 'exceeds_capacity', requested: 5, capacity: 4 },
    });
    expect(office.snapshot).toEqual(before);
  });

  it('refuses the 10,001st place of one booking', () => {
    const office = new BoxOffice({ capacity: PLACES_PER_BOOKING_MAX + 1 });
    const requested = PLACES_PER_BOOKING_MAX + 1;
    expect(office.book('Ann', requested)).toEqual({
      kind: 'refused',
      refusal: { code: 'limit_exceeded', requested, limit: PLACES_PER_BOOKING_MAX, per: 'booking' },
    });
    expect(office.book('Ann', PLACES_PER_BOOKING_MAX)).toMatchObject({ kind: 'booked' });
  });

  it('refuses with event_not_on_sale while sales are closed, before any other reason', () => {
    const office = new BoxOffice({ capacity: 4, sales: 'CLOSED' });
    const before = office.snapshot;
    for (const quantity of [1, 5]) {
      expect(office.book('Ann', quantity)).toEqual({
        kind: 'refused',
        refusal: { code: 'event_not_on_sale' },
      });
    }
    expect(office.snapshot).toEqual(before);
  });

  it('emits one message for each change, numbered without gaps', () => {
    const office = new BoxOffice({ capacity: 1, version: 41 });
    office.book('Ann');
    office.book('Bob');
    expect(office.messageTypes).toEqual(['booking.confirmed', 'waitlist.joined']);
    expect(office.state.messages.map((message) => message.sequence)).toEqual([42, 43]);
    expect(office.now.version).toBe(43);
    const [confirmed] = office.state.messages;
    expect(confirmed!.payload).toMatchObject({ userId: 'Ann', quantity: 1 });
  });

  describe('with `skip`', () => {
    it('books free places while others wait, because they fit none of them', () => {
      const office = new BoxOffice({ capacity: 3, rules: { fit: 'skip' } });
      office.book('Ann', 2);
      office.book('Bob', 2);
      expect(office.book('Cyd', 1)).toMatchObject({ kind: 'booked' });
      expect(office.now).toMatchObject({ available: 0, waiting: 1 });
    });

    it('joins the waitlist if the free places do not suffice', () => {
      const office = new BoxOffice({ capacity: 3, rules: { fit: 'skip' } });
      office.book('Ann', 2);
      office.book('Bob', 3);
      expect(office.book('Cyd', 2)).toMatchObject({ kind: 'waitlisted', position: 2 });
    });
  });

  describe('with a limited waitlist', () => {
    it('refuses with sold_out if the waitlist is disabled', () => {
      const office = new BoxOffice({ capacity: 1, rules: { waitlistEnabled: false } });
      office.book('Ann');
      expect(office.book('Bob')).toEqual({
        kind: 'refused',
        refusal: { code: 'sold_out', requested: 1 },
      });
    });

    it('refuses with already_waiting before waitlist_full', () => {
      const office = new BoxOffice({ capacity: 1, rules: { waitlistMax: 1 } });
      office.book('Ann');
      office.book('Bob');
      const before = office.snapshot;
      const full = { kind: 'refused', refusal: { code: 'waitlist_full', max: 1 } };
      expect(office.book('Cyd')).toEqual(full);
      expect(office.book('Bob')).toMatchObject({ refusal: { code: 'already_waiting' } });
      expect(office.snapshot).toEqual(before);
    });

    it('counts WAITING entries towards `waitlistMax`, not OFFERED ones', () => {
      const rules = { waitlistMax: 1, mode: 'offer' } as const;
      const office = new BoxOffice({ capacity: 1, rules });
      office.book('Ann');
      office.book('Bob');
      office.cancel('Ann');
      expect(office.entryOf('Bob').status).toBe('OFFERED');
      expect(office.book('Cyd')).toMatchObject({ kind: 'waitlisted', position: 1 });
      expect(office.book('Bob')).toMatchObject({ refusal: { code: 'already_waiting' } });
    });
  });

  describe('with numbered seats', () => {
    it('books the named seats', () => {
      const office = new BoxOffice({ rows: { A: 3 } });
      const outcome = office.bookSeats('Ann', ['A3', 'A1']);
      expect(outcome).toMatchObject({ tickets: [{ seatId: 'A3' }, { seatId: 'A1' }] });
      expect(office.state.seats.changes()).toEqual([
        { id: 'A3', status: 'BOOKED', holdId: null },
        { id: 'A1', status: 'BOOKED', holdId: null },
      ]);
      expect(office.state.messages[0]!.payload).toMatchObject({ seatIds: ['A3', 'A1'] });
    });

    it('books the best seats if none are named', () => {
      const office = new BoxOffice({ rows: { A: 3, B: 3 } });
      office.bookSeats('Ann', ['A2']);
      office.book('Bob', 2);
      expect(office.seatsOf('Bob')).toEqual(['B1', 'B2']);
      office.book('Cyd', 3);
      expect(office.seatsOf('Cyd')).toEqual(['A1', 'A3', 'B3']);
    });

    it('refuses unknown and taken seats, and names them', () => {
      const office = new BoxOffice({ rows: { A: 3 } });
      office.bookSeats('Ann', ['A2']);
      const before = office.snapshot;
      expect(office.bookSeats('Bob', ['A1', 'Z9'])).toEqual({
        kind: 'refused',
        refusal: { code: 'seat_not_found', seatIds: ['Z9'] },
      });
      expect(office.bookSeats('Bob', ['A1', 'A2'])).toEqual({
        kind: 'refused',
        refusal: { code: 'seat_taken', seatIds: ['A2'] },
      });
      expect(office.snapshot).toEqual(before);
    });

    it('refuses named seats in a section without seats', () => {
      const office = new BoxOffice();
      expect(office.bookSeats('Ann', ['A1'])).toMatchObject({
        refusal: { code: 'section_not_seated' },
      });
    });

    it('refuses named seats with sold_out while others wait', () => {
      const office = new BoxOffice({ rows: { A: 3 } });
      office.book('Ann', 2);
      office.book('Bob', 2);
      expect(office.bookSeats('Cyd', ['A3'])).toMatchObject({ refusal: { code: 'sold_out' } });
      expect(office.now).toMatchObject({ available: 1, waiting: 1 });
    });

    it('throws if a command names a seat twice', () => {
      const office = new BoxOffice({ rows: { A: 3 } });
      expect(() => office.bookSeats('Ann', ['A1', 'A1'])).toThrow('different seats');
      expect(office.now.version).toBe(0);
    });
  });
});
