import { BoxOffice } from '../../../test/unit/support/box-office.js';
import type { CancelTarget } from './commands.js';
import type { Refusal } from './refusals.js';

function expectRefusal(
  office: BoxOffice,
  userId: string,
  target: CancelTarget,
  refusal: Refusal,
): void {
  const before = office.state;
  expect(office.cancel(userId, target)).toEqual({ kind: 'refused', refusal });
  expect(office.state).toEqual(before);
}

describe('cancel', () => {
  it('cancels one ticket, the newest, unless told otherwise', () => {
    const office = new BoxOffice();
    office.book('Ann', 2);
    const { ticketIds } = office.booked('Ann', 2);
    expect(office.cancel('Ann')).toMatchObject({ kind: 'cancelled', ticketIds: [ticketIds[1]] });
    expect(office.now).toMatchObject({ booked: 3, available: 7, bookings: 2 });
  });

  it('cancels across bookings, newest first, and counts a booking that has ended', () => {
    const office = new BoxOffice();
    const older = office.booked('Ann', 2);
    const newer = office.booked('Ann', 2);
    const outcome = office.cancel('Ann', { by: 'newest', quantity: 3 });
    expect(outcome).toMatchObject({
      ticketIds: [newer.ticketIds[1], newer.ticketIds[0], older.ticketIds[1]],
    });
    expect(office.now).toMatchObject({ booked: 1, bookings: 1 });
    expect(office.desk.messages.slice(2).map((message) => message.payload)).toEqual([
      { bookingId: newer.booking.id, userId: 'Ann', quantity: 2, ended: true },
      { bookingId: older.booking.id, userId: 'Ann', quantity: 1, ended: false },
    ]);
  });

  it('cancels the tickets that are named, each once however often it is named', () => {
    const office = new BoxOffice();
    const { ticketIds } = office.booked('Ann', 3);
    const named = [ticketIds[0]!, ticketIds[0]!, ticketIds[2]!];
    expect(office.cancel('Ann', { by: 'tickets', ticketIds: named })).toMatchObject({
      kind: 'cancelled',
      ticketIds: [ticketIds[0], ticketIds[2]],
    });
    expect(office.now).toMatchObject({ booked: 1, bookings: 1 });
  });

  it('cancels a whole booking, or some of it, newest tickets first', () => {
    const office = new BoxOffice();
    const first = office.booked('Ann', 3);
    const second = office.booked('Ann', 2);
    const bookingId = first.booking.id;
    expect(office.cancel('Ann', { by: 'booking', bookingId, quantity: 1 })).toMatchObject({
      ticketIds: [first.ticketIds[2]],
    });
    expect(office.cancel('Ann', { by: 'booking', bookingId, quantity: undefined })).toMatchObject({
      ticketIds: [first.ticketIds[1], first.ticketIds[0]],
    });
    expect(office.desk.ledger.ticketsOf('Ann').map((ticket) => ticket.bookingId)).toEqual([
      second.booking.id,
      second.booking.id,
    ]);
  });

  it('refuses who holds nothing and waits for nothing', () => {
    const office = new BoxOffice();
    office.book('Ann');
    expectRefusal(office, 'Bob', { by: 'newest', quantity: 1 }, { code: 'booking_not_found' });
  });

  it('refuses more tickets than are held, rather than cancelling fewer', () => {
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
    const { booking, ticketIds } = office.booked('Ann', 2);
    const own = office.booked('Bob');
    const mixed = [...own.ticketIds, ticketIds[0]!];
    const notFound: Refusal = { code: 'ticket_not_found' };
    expectRefusal(office, 'Bob', { by: 'tickets', ticketIds: mixed }, notFound);
    expectRefusal(office, 'Bob', { by: 'tickets', ticketIds: ['no-such-ticket'] }, notFound);
    const target: CancelTarget = { by: 'booking', bookingId: booking.id, quantity: undefined };
    expectRefusal(office, 'Bob', target, { code: 'booking_not_found' });
  });

  it('refuses to cancel a ticket twice', () => {
    const office = new BoxOffice();
    const { booking, ticketIds } = office.booked('Ann');
    office.cancel('Ann');
    expectRefusal(office, 'Ann', { by: 'tickets', ticketIds }, { code: 'ticket_not_found' });
    const target: CancelTarget = { by: 'booking', bookingId: booking.id, quantity: undefined };
    expectRefusal(office, 'Ann', target, { code: 'booking_not_found' });
  });

  it('takes a person without tickets out of the line, and moves up whoever stood behind', () => {
    const office = new BoxOffice({ capacity: 1 });
    office.book('Ann');
    office.book('Bob');
    office.book('Cyd');
    expect(office.cancel('Bob')).toMatchObject({ kind: 'left', entry: { userId: 'Bob' } });
    expect(office.now).toMatchObject({ waiting: 1, lastSeq: 2 });
    office.cancel('Ann');
    expect(office.ticketsOf('Cyd')).toBe(1);
  });

  it('lets a person who left join again, at the end', () => {
    const office = new BoxOffice({ capacity: 1 });
    office.book('Ann');
    office.book('Bob');
    office.book('Cyd');
    office.cancel('Bob');
    expect(office.book('Bob')).toMatchObject({ kind: 'waitlisted', position: 2 });
  });

  it('cancels the ticket of a person who also waits, and leaves his place in the line alone', () => {
    const office = new BoxOffice({ capacity: 2 });
    office.book('Ann', 2);
    office.book('Ann', 2);
    expect(office.cancel('Ann')).toMatchObject({ kind: 'cancelled' });
    expect(office.now).toMatchObject({ booked: 1, available: 1, waiting: 1 });
  });

  it('does not take a person out of the line who asks for a ticket or booking by its id', () => {
    const office = new BoxOffice({ capacity: 1 });
    const { booking, ticketIds } = office.booked('Ann');
    office.book('Bob');
    expectRefusal(office, 'Bob', { by: 'tickets', ticketIds }, { code: 'ticket_not_found' });
    const target: CancelTarget = { by: 'booking', bookingId: booking.id, quantity: undefined };
    expectRefusal(office, 'Bob', target, { code: 'booking_not_found' });
    expect(office.now.waiting).toBe(1);
  });
});
