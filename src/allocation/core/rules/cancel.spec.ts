import { BoxOffice } from '../../../../test/unit/support/box-office.js';
import type { CancelTarget } from '../commands.js';
import type { Refusal } from '../refusals.js';

function expectRefusal(
  office: BoxOffice,
  userId: string,
  target: CancelTarget,
  refusal: Refusal,
): void {
  const before = office.snapshot;
  expect(office.cancel(userId, target)).toEqual({ kind: 'refused', refusal });
  expect(office.snapshot).toEqual(before);
}

describe('cancel', () => {
  it('cancels the newest ticket by default', () => {
    const office = new BoxOffice();
    office.book('Ann', 2);
    const { tickets } = office.booked('Ann', 2);
    expect(office.cancel('Ann')).toMatchObject({ kind: 'cancelled', tickets: [tickets[1]] });
    expect(office.now).toMatchObject({ booked: 3, available: 7, bookings: 2 });
  });

  it('cancels across bookings, newest first, and ends a booking with its last ticket', () => {
    const office = new BoxOffice();
    const older = office.booked('Ann', 2);
    const newer = office.booked('Ann', 2);
    const outcome = office.cancel('Ann', { by: 'newest', quantity: 3 });
    expect(outcome).toMatchObject({
      tickets: [newer.tickets[1], newer.tickets[0], older.tickets[1]],
    });
    expect(office.now).toMatchObject({ booked: 1, bookings: 1 });
    expect(office.state.messages.slice(2).map((message) => message.payload)).toEqual([
      { bookingId: newer.booking.id, userId: 'Ann', quantity: 2, ended: true },
      { bookingId: older.booking.id, userId: 'Ann', quantity: 1, ended: false },
    ]);
  });

  it('cancels the named tickets, each once even if named twice', () => {
    const office = new BoxOffice();
    const { tickets } = office.booked('Ann', 3);
    const named = [tickets[0]!.id, tickets[0]!.id, tickets[2]!.id];
    expect(office.cancel('Ann', { by: 'tickets', ticketIds: named })).toMatchObject({
      kind: 'cancelled',
      tickets: [tickets[0], tickets[2]],
    });
    expect(office.now).toMatchObject({ booked: 1, bookings: 1 });
  });

  it('cancels a whole booking, or its newest tickets', () => {
    const office = new BoxOffice();
    const first = office.booked('Ann', 3);
    const second = office.booked('Ann', 2);
    const bookingId = first.booking.id;
    expect(office.cancel('Ann', { by: 'booking', bookingId, quantity: 1 })).toMatchObject({
      tickets: [first.tickets[2]],
    });
    expect(office.cancel('Ann', { by: 'booking', bookingId, quantity: undefined })).toMatchObject({
      tickets: [first.tickets[1], first.tickets[0]],
    });
    expect(office.state.bookings.ticketsOf('Ann').map((ticket) => ticket.bookingId)).toEqual([
      second.booking.id,
      second.booking.id,
    ]);
  });

  it('refuses a person without tickets and without a waitlist entry', () => {
    const office = new BoxOffice();
    office.book('Ann');
    expectRefusal(office, 'Bob', { by: 'newest', quantity: 1 }, { code: 'booking_not_found' });
  });

  it('refuses to cancel more tickets than there are, rather than fewer', () => {
    const office = new BoxOffice();
    const { booking } = office.booked('Ann', 2);
    office.book('Ann', 1);
    const code = 'quantity_exceeds_booking';
    const newest: CancelTarget = { by: 'newest', quantity: 4 };
    expectRefusal(office, 'Ann', newest, { code, requested: 4, held: 3 });
    const ofBooking: CancelTarget = { by: 'booking', bookingId: booking.id, quantity: 3 };
    expectRefusal(office, 'Ann', ofBooking, { code, requested: 3, held: 2 });
  });

  it("refuses other people's tickets and bookings as if they did not exist", () => {
    const office = new BoxOffice();
    const { booking, tickets } = office.booked('Ann', 2);
    const own = office.booked('Bob');
    const mixed = [own.tickets[0]!.id, tickets[0]!.id];
    const notFound: Refusal = { code: 'ticket_not_found' };
    expectRefusal(office, 'Bob', { by: 'tickets', ticketIds: mixed }, notFound);
    expectRefusal(office, 'Bob', { by: 'tickets', ticketIds: ['no-such-ticket'] }, notFound);
    const target: CancelTarget = { by: 'booking', bookingId: booking.id, quantity: undefined };
    expectRefusal(office, 'Bob', target, { code: 'booking_not_found' });
  });

  it('refuses to cancel a ticket twice', () => {
    const office = new BoxOffice();
    const { booking, tickets } = office.booked('Ann');
    const ticketIds = tickets.map(({ id }) => id);
    office.cancel('Ann');
    expectRefusal(office, 'Ann', { by: 'tickets', ticketIds }, { code: 'ticket_not_found' });
    const target: CancelTarget = { by: 'booking', bookingId: booking.id, quantity: undefined };
    expectRefusal(office, 'Ann', target, { code: 'booking_not_found' });
  });

  it('ends the waitlist entry of a person without tickets, and promotes those behind', () => {
    const office = new BoxOffice({ capacity: 1 });
    office.book('Ann');
    office.book('Bob');
    office.book('Cyd');
    expect(office.cancel('Bob')).toMatchObject({ kind: 'left', entry: { userId: 'Bob' } });
    expect(office.now).toMatchObject({ waiting: 1, lastSeq: 2 });
    office.cancel('Ann');
    expect(office.ticketsOf('Cyd')).toBe(1);
  });

  it('lets a person who left join again at the end of the waitlist', () => {
    const office = new BoxOffice({ capacity: 1 });
    office.book('Ann');
    office.book('Bob');
    office.book('Cyd');
    office.cancel('Bob');
    expect(office.book('Bob')).toMatchObject({ kind: 'waitlisted', position: 2 });
  });

  it('cancels a ticket of a person who also waits, and keeps their waitlist entry', () => {
    const office = new BoxOffice({ capacity: 2 });
    office.book('Ann', 2);
    office.book('Ann', 2);
    expect(office.cancel('Ann')).toMatchObject({ kind: 'cancelled' });
    expect(office.now).toMatchObject({ booked: 1, available: 1, waiting: 1 });
  });

  it('keeps the waitlist entry if the person names a ticket or a booking', () => {
    const office = new BoxOffice({ capacity: 1 });
    const { booking, tickets } = office.booked('Ann');
    const ticketIds = tickets.map(({ id }) => id);
    office.book('Bob');
    expectRefusal(office, 'Bob', { by: 'tickets', ticketIds }, { code: 'ticket_not_found' });
    const target: CancelTarget = { by: 'booking', bookingId: booking.id, quantity: undefined };
    expectRefusal(office, 'Bob', target, { code: 'booking_not_found' });
    expect(office.now.waiting).toBe(1);
  });

  it('cancels a promoted booking without reopening its waitlist entry', () => {
    const office = new BoxOffice({ capacity: 1 });
    office.book('Ann');
    office.book('Bob');
    office.cancel('Ann');
    expect(office.cancel('Bob')).toMatchObject({ kind: 'cancelled' });
    expect(office.isOnWaitlist('Bob')).toBe(false);
    expect(office.now).toMatchObject({ available: 1, waiting: 0 });
  });

  it('declines the offer of a person without tickets', () => {
    const office = new BoxOffice({ capacity: 1, rules: { mode: 'offer' } });
    office.book('Ann');
    office.book('Bob');
    office.book('Cyd');
    office.cancel('Ann');
    expect(office.cancel('Bob')).toMatchObject({ kind: 'declined', entry: { status: 'DECLINED' } });
    expect(office.entryOf('Cyd').status).toBe('OFFERED');
    expect(office.now).toMatchObject({ held: 1, waiting: 0 });
  });
});

describe('cancelBooking', () => {
  it('cancels a whole booking, regardless of its owner, and promotes the waitlist', () => {
    const office = new BoxOffice({ capacity: 2 });
    const { booking } = office.booked('Ann', 2);
    office.book('Bob', 2);
    expect(office.cancelBooking(booking.id)).toMatchObject({ kind: 'cancelled', userId: 'Ann' });
    expect([office.ticketsOf('Ann'), office.ticketsOf('Bob')]).toEqual([0, 2]);
  });

  it('cancels its newest tickets, or the named ones', () => {
    const office = new BoxOffice();
    const { booking, tickets } = office.booked('Ann', 4);
    expect(office.cancelBooking(booking.id, { by: 'newest', quantity: 2 })).toMatchObject({
      tickets: [tickets[3], tickets[2]],
    });
    const named = { by: 'tickets', ticketIds: [tickets[0]!.id] } as const;
    expect(office.cancelBooking(booking.id, named)).toMatchObject({ tickets: [tickets[0]] });
    expect(office.ticketsOf('Ann')).toBe(1);
  });

  it('refuses tickets of other bookings, and a booking that has ended', () => {
    const office = new BoxOffice();
    const { booking } = office.booked('Ann', 2);
    const other = office.booked('Ann');
    const before = office.snapshot;
    const named = { by: 'tickets', ticketIds: [other.tickets[0]!.id] } as const;
    const refusal = { code: 'ticket_not_found' };
    expect(office.cancelBooking(booking.id, named)).toEqual({ kind: 'refused', refusal });
    expect(office.cancelBooking(booking.id, { by: 'newest', quantity: 3 })).toMatchObject({
      refusal: { code: 'quantity_exceeds_booking', requested: 3, held: 2 },
    });
    expect(office.snapshot).toEqual(before);
    office.cancelBooking(booking.id);
    const notFound = { kind: 'refused', refusal: { code: 'booking_not_found' } };
    expect(office.cancelBooking(booking.id, named)).toEqual(notFound);
  });
});

describe('releaseSeat', () => {
  it("cancels the person's ticket for the seat, and gives the seat to the waitlist", () => {
    const office = new BoxOffice({ rows: { A: 2 } });
    office.book('Ann', 2);
    office.book('Bob');
    expect(office.do({ kind: 'releaseSeat', userId: 'Ann', seatId: 'A1' })).toMatchObject({
      kind: 'cancelled',
      tickets: [{ seatId: 'A1' }],
    });
    expect([office.seatsOf('Ann'), office.seatsOf('Bob')]).toEqual([['A2'], ['A1']]);
  });

  it('refuses the seat of another person', () => {
    const office = new BoxOffice({ rows: { A: 2 } });
    office.book('Ann', 2);
    expect(office.do({ kind: 'releaseSeat', userId: 'Bob', seatId: 'A1' })).toEqual({
      kind: 'refused',
      refusal: { code: 'ticket_not_found' },
    });
  });
});
