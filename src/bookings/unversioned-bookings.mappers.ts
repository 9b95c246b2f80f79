import { invalidField, type RequestContext } from '../platform/http/index.js';
import {
  type OutcomeOf,
  type WithoutSection,
  type CancelTarget,
  priceOfPlaces,
} from '../allocation/index.js';
import { toPromoted, toTickets } from './outcomes.mappers.js';
import { personOf, placesWanted, quantityOf } from './request-fields.js';
import type {
  BookRequest,
  BookResponse,
  CancelRequest,
  CancelResponse,
} from './unversioned-bookings.dto.js';

export const toBookCommand = (
  body: BookRequest,
  context: RequestContext,
): WithoutSection<'book'> => ({
  idempotencyKey: context.idempotencyKey,
  actor: context.actor,
  kind: 'book',
  person: personOf(body, context),
  ...placesWanted(body),
  onSoldOut: body.onSoldOut ?? 'wait',
  isBlind: !context.mayRead,
});

export const toCancelCommand = (
  body: CancelRequest,
  context: RequestContext,
): WithoutSection<'cancel'> => ({
  idempotencyKey: context.idempotencyKey,
  actor: context.actor,
  kind: 'cancel',
  person: personOf(body, context),
  target: targetOf(body),
  isBlind: !context.mayRead,
});

function targetOf(body: CancelRequest): CancelTarget {
  const quantity = quantityOf(body);
  const { ticketIds, bookingId } = body;
  if (ticketIds !== undefined) {
    if (quantity !== undefined || bookingId !== undefined) {
      throw invalidField('/ticketIds', 'cannot be combined with quantity or bookingId');
    }
    return { by: 'tickets', ticketIds: ticketIds.map((id) => id.toLowerCase()) };
  }
  if (bookingId !== undefined) return { by: 'booking', bookingId, quantity };
  return { by: 'newest', quantity: quantity ?? 1 };
}

export const toBookResponse = (outcome: OutcomeOf<'booked' | 'waitlisted'>): BookResponse =>
  outcome.kind === 'booked' ? toBooked(outcome) : toWaiting(outcome);

type Booked = Extract<BookResponse, { readonly waitlisted: false }>;
type Waiting = Extract<BookResponse, { readonly waitlisted: true }>;

export const toBooked = ({ booking, tickets }: OutcomeOf<'booked'>): Booked => {
  const price = priceOfPlaces(booking.price, booking.quantity);
  return { waitlisted: false, bookingId: booking.id, price, tickets: toTickets(booking, tickets) };
};

export function toWaiting({ entry, position }: OutcomeOf<'waitlisted'>): Waiting {
  const { id, eventId, userId, quantity } = entry;
  return {
    waitlisted: true,
    waitingEntry: { id, eventId, userId, quantity, position, status: 'WAITING' },
  };
}

export function toCancelResponse(
  outcome: OutcomeOf<'cancelled' | 'left' | 'declined'>,
): CancelResponse {
  if (outcome.kind === 'cancelled') {
    const tickets = toTickets(outcome, outcome.tickets, 'CANCELLED');
    return { ticket: tickets[0]!, tickets, ...toPromoted(outcome) };
  }
  const { id, eventId, userId, quantity } = outcome.entry;
  const status = outcome.kind === 'left' ? 'LEFT' : 'DECLINED';
  return { waitingEntry: { id, eventId, userId, quantity, position: null, status } };
}
