import { BoxOffice } from '../../../../test/unit/support/box-office.js';
import { PLACES_PER_BOOKING_MAX } from './admission.js';

describe('book', () => {
  it('gives free places at once', () => {
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
    const before = office.snapshot;
    expect(office.book('Cyd', 1, 'refuse')).toEqual({
      kind: 'refused',
      refusal: { code: 'sold_out', requested: 1 },
    });
    expect(office.snapshot).toEqual(before);
  });

  it('refuses a second place in the line to the same person', () => {
    const office = new BoxOffice({ capacity: 1 });
    office.book('Ann');
    office.book('Bob');
    const before = office.snapshot;
    expect(office.book('Bob')).toEqual({ kind: 'refused', refusal: { code: 'already_waiting' } });
    expect(office.snapshot).toEqual(before);
  });

  it('lets a person who holds tickets wait for more of them', () => {
    const office = new BoxOffice({ capacity: 1 });
    office.book('Ann');
    expect(office.book('Ann')).toMatchObject({ kind: 'waitlisted', position: 1 });
  });

  it('refuses more than the section could ever hold, instead of queueing it for ever', () => {
    const office = new BoxOffice({ capacity: 4 });
    const before = office.snapshot;
    expect(office.book('Ann', 5)).toEqual({
      kind: 'refused',
      refusal: { code: 'exceeds_capacity', requested: 5, capacity: 4 },
    });
    expect(office.snapshot).toEqual(before);
  });

  it('bounds the places of one booking, because its tickets are written under the lock', () => {
    const office = new BoxOffice({ capacity: PLACES_PER_BOOKING_MAX + 1 });
    const requested = PLACES_PER_BOOKING_MAX + 1;
    expect(office.book('Ann', requested)).toEqual({
      kind: 'refused',
      refusal: { code: 'limit_exceeded', requested, limit: PLACES_PER_BOOKING_MAX, per: 'booking' },
    });
    expect(office.book('Ann', PLACES_PER_BOOKING_MAX)).toMatchObject({ kind: 'booked' });
  });

  it('refuses everybody while sales are closed, before any other reason', () => {
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

  it('tells every change once, numbered without gaps', () => {
    const office = new BoxOffice({ capacity: 1, version: 41 });
    office.book('Ann');
    office.book('Bob');
    expect(office.messageTypes).toEqual(['booking.confirmed', 'waitlist.joined']);
    expect(office.state.messages.map((message) => message.sequence)).toEqual([42, 43]);
    expect(office.now.version).toBe(43);
    const [confirmed] = office.state.messages;
    expect(confirmed).toMatchObject({ eventId: 'concert', sectionId: 'stalls' });
    expect(confirmed!.payload).toMatchObject({ userId: 'Ann', quantity: 1 });
  });

  describe('where whoever fits is served', () => {
    it('books a newcomer whom the places fit, because they fit nobody who waits', () => {
      const office = new BoxOffice({ capacity: 3, rules: { fit: 'skip' } });
      office.book('Ann', 2);
      office.book('Bob', 2);
      expect(office.book('Cyd', 1)).toMatchObject({ kind: 'booked' });
      expect(office.now).toMatchObject({ available: 0, waiting: 1 });
    });

    it('lets wait whom they do not fit', () => {
      const office = new BoxOffice({ capacity: 3, rules: { fit: 'skip' } });
      office.book('Ann', 2);
      office.book('Bob', 3);
      expect(office.book('Cyd', 2)).toMatchObject({ kind: 'waitlisted', position: 2 });
    });
  });

  describe('with a bounded line', () => {
    it('refuses whom it would have to queue, if there is no line', () => {
      const office = new BoxOffice({ capacity: 1, rules: { waitlistEnabled: false } });
      office.book('Ann');
      expect(office.book('Bob')).toEqual({
        kind: 'refused',
        refusal: { code: 'sold_out', requested: 1 },
      });
    });

    it('refuses one more than may wait, but first whoever waits already', () => {
      const office = new BoxOffice({ capacity: 1, rules: { waitlistMax: 1 } });
      office.book('Ann');
      office.book('Bob');
      const before = office.snapshot;
      const full = { kind: 'refused', refusal: { code: 'waitlist_full', max: 1 } };
      expect(office.book('Cyd')).toEqual(full);
      expect(office.book('Bob')).toMatchObject({ refusal: { code: 'already_waiting' } });
      expect(office.snapshot).toEqual(before);
    });

    it('counts those who wait, not those who are offered places', () => {
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

  describe('with limits', () => {
    const perBooking = { code: 'limit_exceeded', requested: 3, limit: 2, per: 'booking' };

    it('bounds one booking, before it asks whether anything is free', () => {
      const office = new BoxOffice({ capacity: 4, rules: { maxPerBooking: 2 } });
      office.book('Ann', 2);
      office.book('Bob', 2);
      expect(office.book('Cyd', 3)).toEqual({ kind: 'refused', refusal: perBooking });
    });

    it('refuses to ten single bookings what it refuses to one of ten', () => {
      const office = new BoxOffice({ capacity: 20, rules: { maxPerPerson: 9 } });
      const refusal = { code: 'limit_exceeded', limit: 9, per: 'person' };
      expect(office.book('Ann', 10)).toMatchObject({ refusal: { ...refusal, requested: 10 } });
      for (let n = 0; n < 9; n += 1) office.booked('Ann');
      expect(office.book('Ann')).toEqual({
        kind: 'refused',
        refusal: { ...refusal, requested: 1, has: 9 },
      });
      expect(office.booked('Bob', 9).tickets).toHaveLength(9);
    });

    it('counts what a person waits for, so that a promotion never goes above his limit', () => {
      const office = new BoxOffice({ capacity: 2, rules: { maxPerPerson: 3 } });
      office.book('Ann', 2);
      expect(office.book('Bob', 2)).toMatchObject({ kind: 'waitlisted' });
      const refusal = { code: 'limit_exceeded', requested: 2, limit: 3, per: 'person', has: 2 };
      expect(office.book('Bob', 2)).toEqual({ kind: 'refused', refusal });
      office.cancel('Ann', { by: 'newest', quantity: 2 });
      expect(office.ticketsOf('Bob')).toBe(2);
      expect(office.book('Bob', 2)).toMatchObject({ refusal: { has: 2 } });
    });

    it('counts what a person holds, until it is over', () => {
      const office = new BoxOffice({ capacity: 5, rules: { maxPerPerson: 2 } });
      const holdId = office.held('Ann', 2, 60);
      expect(office.book('Ann')).toMatchObject({ refusal: { code: 'limit_exceeded', has: 2 } });
      office.endHold('confirm', holdId);
      expect(office.book('Ann')).toMatchObject({ refusal: { code: 'limit_exceeded', has: 2 } });
      office.held('Bob', 2, 60);
      office.later(60);
      expect(office.book('Bob', 2)).toMatchObject({ kind: 'booked' });
    });

    it('gives back what was cancelled, declined or left', () => {
      const office = new BoxOffice({ capacity: 2, rules: { maxPerPerson: 2, mode: 'offer' } });
      office.book('Ann', 2);
      office.book('Bob', 2);
      office.endEntry('leave', office.entryOf('Bob').id);
      expect(office.book('Bob', 2)).toMatchObject({ kind: 'waitlisted' });
      office.cancel('Ann', { by: 'newest', quantity: 2 });
      expect(office.book('Ann', 2)).toMatchObject({ kind: 'waitlisted' });
      office.endEntry('decline', office.entryOf('Bob').id);
      expect(office.book('Bob', 2)).toMatchObject({ kind: 'waitlisted' });
    });

    it('leaves alone what somebody had before the limit was lowered', () => {
      const office = new BoxOffice({ capacity: 3 });
      office.book('Ann', 3);
      office.book('Bob', 2);
      office.configure({ maxPerPerson: 1, maxPerBooking: 1 });
      office.cancel('Ann', { by: 'newest', quantity: 2 });
      expect([office.ticketsOf('Ann'), office.ticketsOf('Bob')]).toEqual([1, 2]);
    });
  });

  describe('by seat', () => {
    it('gives the seats that were chosen', () => {
      const office = new BoxOffice({ rows: { A: 3 } });
      const outcome = office.bookSeats('Ann', ['A3', 'A1']);
      expect(outcome).toMatchObject({ tickets: [{ seatId: 'A3' }, { seatId: 'A1' }] });
      expect(office.state.seats.changes()).toEqual([
        { id: 'A3', status: 'BOOKED', holdId: null },
        { id: 'A1', status: 'BOOKED', holdId: null },
      ]);
      expect(office.state.messages[0]!.payload).toMatchObject({ seatIds: ['A3', 'A1'] });
    });

    it('gives the best seats to whom does not choose', () => {
      const office = new BoxOffice({ rows: { A: 3, B: 3 } });
      office.bookSeats('Ann', ['A2']);
      office.book('Bob', 2);
      expect(office.seatsOf('Bob')).toEqual(['B1', 'B2']);
      office.book('Cyd', 3);
      expect(office.seatsOf('Cyd')).toEqual(['A1', 'A3', 'B3']);
    });

    it('refuses seats that are not there, or not free, and says which', () => {
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

    it('refuses seats in a section that has none', () => {
      const office = new BoxOffice();
      expect(office.bookSeats('Ann', ['A1'])).toMatchObject({
        refusal: { code: 'section_not_seated' },
      });
    });

    it('does not let who chooses his seats pass who waits, nor lets him wait', () => {
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
