import { BoxOffice } from '../../../test/unit/support/box-office.js';

describe('promote', () => {
  it('gives a freed place to the head of the line, in the same command', () => {
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

  it('goes on until nothing more fits', () => {
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

  it('keeps the line waiting behind a head that wants more than is free', () => {
    const office = new BoxOffice({ capacity: 3 });
    office.book('Ann', 3);
    office.book('Bob', 3);
    office.book('Cyd', 1);
    office.cancel('Ann', { by: 'newest', quantity: 2 });
    expect(office.ticketsOf('Cyd')).toBe(0);
    expect(office.now).toMatchObject({ available: 2, waiting: 2 });
  });

  it('serves who stood behind a blocked head that leaves, though no place became free', () => {
    const office = new BoxOffice({ capacity: 3 });
    office.book('Ann', 2);
    office.book('Bob', 2);
    office.book('Cyd', 1);
    office.cancel('Bob');
    expect(office.ticketsOf('Cyd')).toBe(1);
    expect(office.now).toMatchObject({ available: 0, waiting: 0 });
  });

  it('changes nothing when somebody leaves from behind a blocked head', () => {
    const office = new BoxOffice({ capacity: 3 });
    office.book('Ann', 2);
    office.book('Bob', 2);
    office.book('Cyd', 1);
    office.cancel('Cyd');
    expect(office.now).toMatchObject({ available: 1, waiting: 1, bookings: 1 });
  });

  it('may give a place straight back to the one who freed it, if he is the head', () => {
    const office = new BoxOffice({ capacity: 1 });
    office.book('Ann');
    office.book('Ann');
    office.cancel('Ann');
    expect(office.ticketsOf('Ann')).toBe(1);
    expect(office.now).toMatchObject({ booked: 1, bookings: 1, waiting: 0 });
  });

  it('makes a booking that names the entry it came from', () => {
    const office = new BoxOffice({ capacity: 1 });
    office.book('Ann');
    const waiting = office.book('Bob');
    if (waiting.kind !== 'waitlisted') throw new Error(waiting.kind);
    office.cancel('Ann');
    const promoted = office.desk.ledger.changes().madeBookings.at(-1)!;
    expect(promoted).toMatchObject({ userId: 'Bob', waitlistEntryId: waiting.entry.id });
    expect(office.desk.messages.at(-1)).toMatchObject({
      type: 'waitlist.promoted',
      payload: { entryId: waiting.entry.id, bookingId: promoted.id, userId: 'Bob', quantity: 1 },
    });
  });
});
