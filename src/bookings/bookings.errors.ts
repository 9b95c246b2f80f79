import { DomainError, type DomainErrorKind, idempotencyKeyReused } from '../platform/index.js';
import type { Refusal } from './core/refusals.js';

/** A refusal in the words of an error: what sort it is and a sentence for the caller. */
function describe(
  refusal: Exclude<Refusal, { code: 'idempotency_key_reused' }>,
): readonly [kind: DomainErrorKind, detail: string] {
  switch (refusal.code) {
    case 'event_not_found':
      return ['not_found', 'There is no such event.'];
    case 'event_not_on_sale':
      return ['conflict', 'This event is not on sale.'];
    case 'exceeds_capacity':
      return ['conflict', 'More places were asked for than there are, so they can never be free.'];
    case 'limit_exceeded':
      return ['conflict', `One booking can hold ${refusal.limit} places at the most.`];
    case 'sold_out':
      return ['conflict', 'Not enough places are free, or others are waiting for them.'];
    case 'already_waiting':
      return ['conflict', 'This person is in the line already.'];
    case 'booking_not_found':
      return [
        'not_found',
        'This person has no such booking for this event and is not in its line.',
      ];
    case 'ticket_not_found':
      return ['not_found', 'Not all of these are booked tickets of this person for this event.'];
    case 'quantity_exceeds_booking':
      return ['conflict', 'More tickets were to be cancelled than this person holds.'];
  }
}

/** @param isReplay an earlier attempt with the same idempotency key was refused so */
export function refusalError(refusal: Refusal, isReplay = false): DomainError {
  if (refusal.code === 'idempotency_key_reused') return idempotencyKeyReused();
  const [kind, detail] = describe(refusal);
  const { code, ...extensions } = refusal;
  return new DomainError(kind, code, detail, { extensions, isReplay });
}

export const sectionRequired = (): DomainError =>
  new DomainError('invalid', 'section_required', 'This event has several sections: name one.');

export const sectionNotFound = (): DomainError =>
  new DomainError('not_found', 'section_not_found', 'This event has no such section.');
