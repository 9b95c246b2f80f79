import type { RequestContext } from '../platform/http/index.js';
import type { CommandResult, WithoutSection } from '../allocation/index.js';
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
  readonly context: RequestContext;
}

export const toReserveCommand = (
  body: SeatPersonRequest,
  { seatId, context }: Address,
): WithoutSection<'book'> => ({
  idempotencyKey: context.idempotencyKey,
  kind: 'book',
  person: personOf(body, context),
  quantity: 1,
  seatIds: [seatId],
  onSoldOut: 'refuse',
});

export const toReleaseSeatCommand = (
  body: SeatPersonRequest,
  { seatId, context }: Address,
): WithoutSection<'releaseSeat'> => ({
  idempotencyKey: context.idempotencyKey,
  kind: 'releaseSeat',
  person: personOf(body, context),
  seatId,
});

export function toReserveSeatResponse(settled: CommandResult): ReserveSeatResponse {
  const { booking, tickets } = expectOutcome(settled, 'booked');
  return { ticket: toTickets(booking, tickets)[0]!, bookingId: booking.id };
}

export function toReleaseSeatResponse(settled: CommandResult): ReleaseSeatResponse {
  const outcome = expectOutcome(settled, 'cancelled');
  return { ticket: toTickets(outcome, outcome.tickets, 'CANCELLED')[0]! };
}

export const toSeat = ({ id, sectionId, row, number, status }: SeatRow): SeatResponse => {
  return { id, sectionId, row, number, status };
};
