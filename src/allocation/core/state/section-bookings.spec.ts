import { type LoadedTicket, SectionBookings } from './section-bookings.js';

const PRICE = { amount: 450, currency: 'EUR' };

const held = (id: string, bookingId: string, bookingQuantity: number): LoadedTicket => ({
  id,
  bookingId,
  userId: 'Ann',
  seatId: null,
  price: PRICE,
  bookingQuantity,
});

const booking = (id: string, quantity: number) => ({
  id,
  eventId: 'concert',
  sectionId: 'stalls',
  userId: 'Ann',
  quantity,
  price: null,
  waitlistEntryId: null,
  holdId: null,
  createdAt: new Date(0),
});

const printed = (...ids: string[]) => ids.map((id) => ({ id, seatId: null }));

const NOTHING = {
  newBookings: [],
  newTickets: [],
  reducedBookings: [],
  endedBookingIds: [],
  cancelledTicketIds: [],
};

describe('SectionBookings', () => {
  it('has no changes at first', () => {
    expect(new SectionBookings([held('t1', 'b1', 1)]).changes()).toEqual(NOTHING);
  });

  it('returns tickets newest first, in whatever order they were added', () => {
    const bookings = new SectionBookings([
      held('t2', 'b1', 3),
      held('t3', 'b1', 3),
      held('t1', 'b1', 3),
    ]);
    bookings.add(booking('b2', 1), printed('t4'));
    expect(bookings.ticketsOf('Ann').map(({ id }) => id)).toEqual(['t4', 't3', 't2', 't1']);
    expect(bookings.ticketsOf('Bob')).toEqual([]);
  });

  it('reduces a booking by its cancelled tickets, even if not all of its tickets are loaded', () => {
    const bookings = new SectionBookings([held('t5', 'b1', 5)]);
    expect(bookings.cancel(['t5'])).toEqual([
      { bookingId: 'b1', userId: 'Ann', quantity: 1, price: PRICE, ended: false, seatIds: [] },
    ]);
    expect(bookings.changes()).toEqual({
      ...NOTHING,
      reducedBookings: [{ id: 'b1', quantity: 4 }],
      cancelledTicketIds: ['t5'],
    });
  });

  it('ends a booking with its last ticket, and writes it once', () => {
    const bookings = new SectionBookings([held('t1', 'b1', 2), held('t2', 'b1', 2)]);
    bookings.cancel(['t2']);
    expect(bookings.cancel(['t1'])).toEqual([
      { bookingId: 'b1', userId: 'Ann', quantity: 1, price: PRICE, ended: true, seatIds: [] },
    ]);
    expect(bookings.changes()).toEqual({
      ...NOTHING,
      endedBookingIds: ['b1'],
      cancelledTicketIds: ['t2', 't1'],
    });
  });

  it('writes a ticket that was added and cancelled in the same batch as one insert', () => {
    const bookings = new SectionBookings();
    bookings.add(booking('b1', 2), printed('t1', 't2'));
    bookings.cancel(['t2']);
    const { newBookings, newTickets, ...updates } = bookings.changes();
    expect(newBookings).toMatchObject([{ id: 'b1', quantity: 1 }]);
    expect(newTickets).toMatchObject([
      { id: 't1', cancelled: false },
      { id: 't2', cancelled: true },
    ]);
    expect(updates).toEqual({ reducedBookings: [], endedBookingIds: [], cancelledTicketIds: [] });
  });

  it('finds the tickets of a booking by its id', () => {
    const bookings = new SectionBookings([
      held('t1', 'b1', 2),
      held('t2', 'b1', 2),
      held('t3', 'b2', 1),
    ]);
    expect(bookings.ticketsOfBooking('b1').map(({ id }) => id)).toEqual(['t2', 't1']);
    bookings.cancel(['t2']);
    expect(bookings.ticketsOfBooking('b1').map(({ id }) => id)).toEqual(['t1']);
  });

  it('returns the seats that came free', () => {
    const bookings = new SectionBookings([{ ...held('t1', 'b1', 1), seatId: 'A1' }]);
    expect(bookings.cancel(['t1'])).toMatchObject([{ seatIds: ['A1'] }]);
  });

  it('throws for a ticket that is cancelled or not loaded', () => {
    const bookings = new SectionBookings([held('t1', 'b1', 1)]);
    bookings.cancel(['t1']);
    expect(() => bookings.cancel(['t1'])).toThrow('t1 is not booked');
    expect(() => bookings.cancel(['t2'])).toThrow('t2 is not booked');
  });
});
