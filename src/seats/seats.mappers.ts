import type { Asking } from '../platform/http/index.js';
import type { Settled, Unplaced } from '../allocation/index.js';
import { expectOutcome, toTickets, personOf } from '../bookings/index.js';
import type {
  ReleaseSeatResponse,
  ReserveSeatResponse,
  SeatPersonRequest,
  SeatResponse,
} from './seats.dto.js';
import type { SeatRow } from './seats.queries.js';

/** Which seat, and the attempt. */
interface Address {
  readonly seatId: string;
  readonly asking: Asking;
}

export const toReserveCommand = (
  body: SeatPersonRequest,
  { seatId, asking }: Address,
): Unplaced<'book'> => ({
  claim: asking.claim,
  kind: 'book',
  person: personOf(body, asking),
  quantity: 1,
  seatIds: [seatId],
  onSoldOut: 'refuse',
});

export const toReleaseSeatCommand = (
  body: SeatPersonRequest,
  { seatId, asking }: Address,
): Unplaced<'releaseSeat'> => ({
  claim: asking.claim,
  kind: 'releaseSeat',
  person: personOf(body, asking),
  seatId,
});

export function toReserveSeatResponse(settled: Settled): ReserveSeatResponse {
  const { booking, tickets } = expectOutcome(settled, 'booked');
  return { ticket: toTickets(booking, tickets)[0]!, bookingId: booking.id };
}

export function toReleaseSeatResponse(settled: Settled): ReleaseSeatResponse {
  const outcome = expectOutcome(settled, 'cancelled');
  return { ticket: toTickets(outcome, outcome.tickets, 'CANCELLED')[0]! };
}

export const toSeat = ({ id, sectionId, row, number, status }: SeatRow): SeatResponse => {
  return { id, sectionId, row, number, status };
};
