import type { IdempotencyClaim } from '../../platform/index.js';
import type { BookingRequest, Settled } from '../engine/booking-request.js';
import { refusalError } from './refusal-error.js';
import type { CancelTarget } from '../core/commands.js';
import { faultyField, identifierOf, placesWanted, quantityOf } from './request-fields.js';
import type { BookRequest, BookResponse, CancelRequest, CancelResponse } from './verbs.dto.js';

/** What a command needs beside its body. */
interface Address {
  readonly sectionId: string;
  readonly claim: IdempotencyClaim | undefined;
}

export const toBookCommand = (
  body: BookRequest,
  { sectionId, claim }: Address,
): BookingRequest => ({
  claim,
  kind: 'book',
  sectionId,
  identifier: identifierOf(body),
  ...placesWanted(body),
  onSoldOut: body.onSoldOut ?? 'wait',
});

export const toCancelCommand = (
  body: CancelRequest,
  { sectionId, claim }: Address,
): BookingRequest => ({
  claim,
  kind: 'cancel',
  sectionId,
  identifier: identifierOf(body),
  target: targetOf(body),
});

function targetOf(body: CancelRequest): CancelTarget {
  const quantity = quantityOf(body);
  const { ticketIds, bookingId } = body;
  if (ticketIds !== undefined) {
    if (quantity !== undefined || bookingId !== undefined) {
      throw faultyField('/ticketIds', 'stands alone: leave out quantity and bookingId');
    }
    return { by: 'tickets', ticketIds: ticketIds.map((id) => id.toLowerCase()) };
  }
  if (bookingId !== undefined) return { by: 'booking', bookingId, quantity };
  return { by: 'newest', quantity: quantity ?? 1 };
}

export function toBookResponse({ outcome, isReplay }: Settled): BookResponse {
  if (outcome.kind === 'refused') throw refusalError(outcome.refusal, isReplay);
  if (outcome.kind === 'booked') {
    const { id: bookingId, eventId, userId } = outcome.booking;
    const tickets = outcome.tickets.map(({ id }) => {
      return { id, eventId, userId, status: 'BOOKED' as const };
    });
    return { waitlisted: false, bookingId, tickets };
  }
  if (outcome.kind === 'waitlisted') {
    const { id, eventId, userId, quantity } = outcome.entry;
    const { position } = outcome;
    return {
      waitlisted: true,
      waitingEntry: { id, eventId, userId, quantity, position, status: 'WAITING' },
    };
  }
  throw new Error(`A booking cannot end as "${outcome.kind}"`);
}

export function toCancelResponse({ outcome, isReplay }: Settled): CancelResponse {
  if (outcome.kind === 'refused') throw refusalError(outcome.refusal, isReplay);
  if (outcome.kind === 'cancelled') {
    const { eventId, userId } = outcome;
    const tickets = outcome.tickets.map(({ id }) => {
      return { id, eventId, userId, status: 'CANCELLED' as const };
    });
    return { ticket: tickets[0]!, tickets };
  }
  if (outcome.kind === 'left') {
    const { id, eventId, userId, quantity } = outcome.entry;
    return { waitingEntry: { id, eventId, userId, quantity, position: null, status: 'LEFT' } };
  }
  throw new Error(`A cancellation cannot end as "${outcome.kind}"`);
}
