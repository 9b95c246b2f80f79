import { type LoadedTicket, SectionBookings } from './section-bookings.js';

const held = (id: string, bookingId: string, bookingQuantity: number): LoadedTicket => ({
  id,
  bookingId,
  userId: 'Ann',
  seatId: null,
  bookingQuantity,
});

const booking = (id: string, quantity: number) => ({
  id,
  eventId: 'concert',
  sectionId: 'stalls',
  userId: 'Ann',
  quantity,
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

describe('Ledger', () => {
  it('leaves nothing to write if nothing happened', () => {
    expect(new SectionBookings([held('t1', 'b1', 1)]).changes()).toEqual(NOTHING);
  });

  it('has tickets newest first, in whatever order they were loaded and made', () => {
    const ledger = new SectionBookings([
      held('t2', 'b1', 3),
      held('t3', 'b1', 3),
      held('t1', 'b1', 3),
    ]);
    ledger.add(booking('b2', 1), printed('t4'));
    expect(ledger.ticketsOf('Ann').map(({ id }) => id)).toEqual(['t4', 't3', 't2', 't1']);
    expect(ledger.ticketsOf('Bob')).toEqual([]);
  });

  it('reduces a booking by what it lost, also if not all of its tickets were loaded', () => {
    const ledger = new SectionBookings([held('t5', 'b1', 5)]);
    expect(ledger.cancel(['t5'])).toEqual([
      { bookingId: 'b1', userId: 'Ann', quantity: 1, ended: false, seatIds: [] },
    ]);
    expect(ledger.changes()).toEqual({
      ...NOTHING,
      reducedBookings: [{ id: 'b1', quantity: 4 }],
      cancelledTicketIds: ['t5'],
    });
  });

  it('ends a booking with its last ticket, and writes it once however often it was reduced', () => {
    const ledger = new SectionBookings([held('t1', 'b1', 2), held('t2', 'b1', 2)]);
    ledger.cancel(['t2']);
    expect(ledger.cancel(['t1'])).toEqual([
      { bookingId: 'b1', userId: 'Ann', quantity: 1, ended: true, seatIds: [] },
    ]);
    expect(ledger.changes()).toEqual({
      ...NOTHING,
      endedBookingIds: ['b1'],
      cancelledTicketIds: ['t2', 't1'],
    });
  });

  it('writes what was made and cancelled in the same batch as one insert, not as an update', () => {
    const ledger = new SectionBookings();
    ledger.add(booking('b1', 2), printed('t1', 't2'));
    ledger.cancel(['t2']);
    const { newBookings, newTickets, ...updates } = ledger.changes();
    expect(newBookings).toMatchObject([{ id: 'b1', quantity: 1 }]);
    expect(newTickets).toMatchObject([
      { id: 't1', cancelled: false },
      { id: 't2', cancelled: true },
    ]);
    expect(updates).toEqual({ reducedBookings: [], endedBookingIds: [], cancelledTicketIds: [] });
  });

  it('knows the tickets of a booking without knowing whose it is', () => {
    const ledger = new SectionBookings([
      held('t1', 'b1', 2),
      held('t2', 'b1', 2),
      held('t3', 'b2', 1),
    ]);
    expect(ledger.ticketsOfBooking('b1').map(({ id }) => id)).toEqual(['t2', 't1']);
    ledger.cancel(['t2']);
    expect(ledger.ticketsOfBooking('b1').map(({ id }) => id)).toEqual(['t1']);
  });

  it('says which seats came free', () => {
    const ledger = new SectionBookings([{ ...held('t1', 'b1', 1), seatId: 'A1' }]);
    expect(ledger.cancel(['t1'])).toMatchObject([{ seatIds: ['A1'] }]);
  });

  it('cancels no ticket twice, and none that it does not know', () => {
    const ledger = new SectionBookings([held('t1', 'b1', 1)]);
    ledger.cancel(['t1']);
    expect(() => ledger.cancel(['t1'])).toThrow('t1 is not booked');
    expect(() => ledger.cancel(['t2'])).toThrow('t2 is not booked');
  });
});
