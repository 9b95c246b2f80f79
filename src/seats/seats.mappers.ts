import type { RequestContext } from '../platform/http/index.js';
import { type OutcomeOf, priceOfPlaces, type WithoutSection } from '../allocation/index.js';
import { personOf, toPromoted, toTickets } from '../bookings/index.js';
import type {
  ReleaseSeatResponse,
  ReserveSeatResponse,
  SeatPersonRequest,
  SeatResponse,
} from './seats.dto.js';
import type { SeatRow } from './seats.queries.js';

/** The seat in the path, and who sends the request. */
interface SeatRequestContext {
  readonly seatId: string;
  readonly context: RequestContext;
}

export const toReserveCommand = (
  body: SeatPersonRequest,
  { seatId, context }: SeatRequestContext,
): WithoutSection<'book'> => ({
  idempotencyKey: context.idempotencyKey,
  actor: context.actor,
  kind: 'book',
  person: personOf(body, context),
  quantity: 1,
  seatIds: [seatId],
  onSoldOut: 'refuse',
  isBlind: !context.mayRead,
});

export const toReleaseSeatCommand = (
  body: SeatPersonRequest,
  { seatId, context }: SeatRequestContext,
): WithoutSection<'releaseSeat'> => ({
  idempotencyKey: context.idempotencyKey,
  actor: context.actor,
  kind: 'releaseSeat',
  person: personOf(body, context),
  seatId,
});

export const toReserveSeatResponse = ({
  booking,
  tickets,
}: OutcomeOf<'booked'>): ReserveSeatResponse => {
  return {
    ticket: toTickets(booking, tickets)[0]!,
    bookingId: booking.id,
    price: priceOfPlaces(booking.price, booking.quantity),
  };
};

export const toReleaseSeatResponse = (outcome: OutcomeOf<'cancelled'>): ReleaseSeatResponse => {
  return {
    ticket: toTickets(outcome, outcome.tickets, 'CANCELLED')[0]!,
    ...toPromoted(outcome),
  };
};

export const toSeat = ({ id, sectionId, row, number, status }: SeatRow): SeatResponse => {
  return { id, sectionId, row, number, status };
};
