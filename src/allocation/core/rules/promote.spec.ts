import { BoxOffice } from '../../../../test/unit/support/box-office.js';

describe('promote', () => {
  it('gives a freed place to the head, in the same command', () => {
    const office = new BoxOffice({ capacity: 1 });
    office.book('Ann');
    office.book('Bob');
    office.book('Cyd');
    office.cancel('Ann');
    expect(office.ticketsOf('Bob')).toBe(1);
    expect(office.ticketsOf('Cyd')).toBe(0);
    expect(office.now).toMatchObject({ booked: 1, available: 0, bookings: 1, waiting: 1 });
    expect(office.messageTypes.slice(3)).toEqual([
      'booking.cancelled',
      'booking.confirmed',
      'waitlist.promoted',
    ]);
  });

  it('promotes entries until the next one does not fit', () => {
    const office = new BoxOffice({ capacity: 4 });
    office.book('Ann', 4);
    office.book('Bob', 1);
    office.book('Cyd', 2);
    office.book('Dee', 2);
    office.cancel('Ann', { by: 'newest', quantity: 4 });
    expect([office.ticketsOf('Bob'), office.ticketsOf('Cyd'), office.ticketsOf('Dee')]).toEqual([
      1, 2, 0,
    ]);
    expect(office.now).toMatchObject({ available: 1, waiting: 1 });
  });

  it('promotes nobody while the head does not fit', () => {
    const office = new BoxOffice({ capacity: 3 });
    office.book('Ann', 3);
    office.book('Bob', 3);
    office.book('Cyd', 1);
    office.cancel('Ann', { by: 'newest', quantity: 2 });
    expect(office.ticketsOf('Cyd')).toBe(0);
    expect(office.now).toMatchObject({ available: 2, waiting: 2 });
  });

  it('promotes the entries behind a blocked head that leaves, although no place became free', () => {
    const office = new BoxOffice({ capacity: 3 });
    office.book('Ann', 2);
    office.book('Bob', 2);
    office.book('Cyd', 1);
    office.cancel('Bob');
    expect(office.ticketsOf('Cyd')).toBe(1);
    expect(office.now).toMatchObject({ available: 0, waiting: 0 });
  });

  it('promotes nobody when an entry behind a blocked head leaves', () => {
    const office = new BoxOffice({ capacity: 3 });
    office.book('Ann', 2);
    office.book('Bob', 2);
    office.book('Cyd', 1);
    office.cancel('Cyd');
    expect(office.now).toMatchObject({ available: 1, waiting: 1, bookings: 1 });
  });

  it('may give a place back to the person who freed it, if their entry is the head', () => {
    const office = new BoxOffice({ capacity: 1 });
    office.book('Ann');
    office.book('Ann');
    office.cancel('Ann');
    expect(office.ticketsOf('Ann')).toBe(1);
    expect(office.now).toMatchObject({ booked: 1, bookings: 1, waiting: 0 });
  });

  it('links the booking to its waitlist entry', () => {
    const office = new BoxOffice({ capacity: 1 });
    office.book('Ann');
    office.book('Bob');
    const entry = office.entryOf('Bob');
    office.cancel('Ann');
    const promoted = office.state.bookings.changes().newBookings.at(-1)!;
    expect(promoted).toMatchObject({ userId: 'Bob', waitlistEntryId: entry.id });
    expect(office.state.messages.at(-1)).toMatchObject({
      type: 'waitlist.promoted',
      payload: { entryId: entry.id, bookingId: promoted.id, userId: 'Bob', quantity: 1 },
    });
  });

  it('promotes nobody while sales are closed, and catches up when they open', () => {
    const office = new BoxOffice({ capacity: 2 });
    office.book('Ann', 2);
    office.book('Bob');
    office.do({ kind: 'close' });
    office.cancel('Ann', { by: 'newest', quantity: 2 });
    expect(office.now).toMatchObject({ available: 2, waiting: 1 });
    expect(office.do({ kind: 'open' })).toMatchObject({ section: { available: 1, waiting: 0 } });
  });

  it('promotes the first entries that fit with `skip`', () => {
    const office = new BoxOffice({ capacity: 4, rules: { fit: 'skip' } });
    office.book('Ann', 4);
    office.book('Bob', 3);
    office.book('Cyd', 1);
    office.book('Dee', 1);
    office.book('Eve', 1);
    office.cancel('Ann', { by: 'newest', quantity: 2 });
    expect(['Bob', 'Cyd', 'Dee', 'Eve'].map((one) => office.ticketsOf(one))).toEqual([0, 1, 1, 0]);
  });

  it('gives seats along with places', () => {
    const office = new BoxOffice({ rows: { A: 3 } });
    office.bookSeats('Ann', ['A1', 'A2', 'A3']);
    office.book('Bob', 2);
    office.cancel('Ann', { by: 'newest', quantity: 2 });
    expect(office.seatsOf('Bob')).toEqual(['A2', 'A3']);
  });

  describe('in `offer` mode', () => {
    const offering = (capacity = 1) => {
      const office = new BoxOffice({ capacity, rules: { mode: 'offer', offerTtlSeconds: 60 } });
      office.book('Ann', capacity);
      return office;
    };

    it('holds the places for the entry: they are neither available nor booked', () => {
      const office = offering(3);
      office.book('Bob', 2);
      office.cancel('Ann', { by: 'newest', quantity: 3 });
      expect(office.now).toMatchObject({ available: 1, held: 2, booked: 0, waiting: 0 });
      expect(office.entryOf('Bob')).toMatchObject({ status: 'OFFERED' });
      expect(office.messageTypes.slice(-2)).toEqual(['hold.created', 'waitlist.offered']);
      office.endEntry('accept', office.entryOf('Bob').id);
      expect(office.now).toMatchObject({ available: 1, held: 0, booked: 2, bookings: 1 });
    });

    it('makes the next offer in the same command when one is declined', () => {
      const office = offering();
      office.book('Bob');
      office.book('Cyd');
      office.cancel('Ann');
      office.endEntry('decline', office.entryOf('Bob').id);
      expect(office.entryOf('Cyd').status).toBe('OFFERED');
      expect(office.now).toMatchObject({ held: 1, available: 0 });
    });

    it('makes the next offer when one expires', () => {
      const office = offering();
      office.book('Bob');
      office.book('Cyd');
      office.cancel('Ann');
      office.later(60);
      expect(office.isOnWaitlist('Bob')).toBe(false);
      expect(office.entryOf('Cyd').status).toBe('OFFERED');
      expect(office.messageTypes).toEqual([
        'hold.expired',
        'waitlist.offer_expired',
        'hold.created',
        'waitlist.offered',
      ]);
    });

    it('lets a person whose offer has expired join again, at the end', () => {
      const office = offering();
      office.book('Bob');
      office.book('Cyd');
      office.book('Dee');
      office.cancel('Ann');
      office.later(60);
      expect(office.book('Bob')).toMatchObject({ kind: 'waitlisted', position: 2 });
    });
  });
});
