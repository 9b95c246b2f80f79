import { DomainError, type DomainErrorKind } from '../platform/errors/index.js';
import { idempotencyKeyReused } from '../platform/idempotency/index.js';
import type { Refusal, RefusalCode } from './core/refusals.js';

type Description = readonly [kind: DomainErrorKind, detail: string];

/** What sort of error each refusal is, and a sentence for the caller. */
const DESCRIPTIONS: Readonly<
  Record<Exclude<RefusalCode, 'idempotency_key_reused' | 'limit_exceeded'>, Description>
> = {
  event_not_found: ['not_found', 'There is no such event.'],
  event_not_on_sale: ['conflict', 'This event is not on sale.'],
  exceeds_capacity: [
    'conflict',
    'More places were asked for than there are, so they can never be free.',
  ],
  sold_out: ['conflict', 'Not enough places are free, or others are waiting for them.'],
  already_waiting: ['conflict', 'This person is in the line already.'],
  waitlist_full: ['conflict', 'The line is as long as it may be.'],
  booking_not_found: ['not_found', 'This person has no such booking for this event.'],
  ticket_not_found: [
    'not_found',
    'Not all of these tickets are booked, or they belong to another person or booking.',
  ],
  quantity_exceeds_booking: ['conflict', 'More tickets were to be cancelled than there are.'],
  section_not_seated: ['conflict', 'The places of this section are not numbered.'],
  section_seated: ['conflict', 'The places of this section are seats: their number is fixed.'],
  seat_not_found: ['not_found', 'This section has no such seats.'],
  seat_taken: ['conflict', 'Not all of these seats are free.'],
  hold_not_found: ['not_found', 'There is no such hold.'],
  hold_expired: ['conflict', 'The time of this hold is over.'],
  hold_released: ['conflict', 'This hold was given back.'],
  hold_confirmed: ['conflict', 'This hold has become a booking.'],
  entry_not_found: ['not_found', 'There is no such entry in the line, or it has ended.'],
  not_offered: ['conflict', 'This entry waits: nothing has been offered to it.'],
  offer_expired: ['conflict', 'The time of this offer is over.'],
  capacity_below_sold: ['conflict', 'More places are booked and held than that.'],
};

function describe(
  refusal: Exclude<Refusal, { readonly code: 'idempotency_key_reused' }>,
): Description {
  if (refusal.code !== 'limit_exceeded') return DESCRIPTIONS[refusal.code];
  const { limit, per } = refusal;
  const who = per === 'booking' ? 'One booking' : 'One person';
  return ['conflict', `${who} can have ${limit} places at the most.`];
}

/** @param isReplay an earlier attempt with the same idempotency key was refused so */
export function refusalError(refusal: Refusal, isReplay = false): DomainError {
  if (refusal.code === 'idempotency_key_reused') return idempotencyKeyReused();
  const [kind, detail] = describe(refusal);
  const { code, ...extensions } = refusal;
  return new DomainError(kind, code, detail, { extensions, isReplay });
}

export const eventNotFound = (): DomainError => refusalError({ code: 'event_not_found' });

/** A booking that is looked for by its id alone, whoever's it is. */
export const bookingNotFound = (isReplay = false): DomainError =>
  new DomainError('not_found', 'booking_not_found', 'There is no such booking.', { isReplay });

export const holdNotFound = (isReplay = false): DomainError =>
  refusalError({ code: 'hold_not_found' }, isReplay);

export const entryNotFound = (): DomainError => refusalError({ code: 'entry_not_found' });

export const seatNotFound = (): DomainError =>
  new DomainError('not_found', 'seat_not_found', 'There is no such seat.');

export const sectionRequired = (): DomainError =>
  new DomainError('invalid', 'section_required', 'This event has several sections: name one.');

export const sectionNotFound = (): DomainError =>
  new DomainError('not_found', 'section_not_found', 'This event has no such section.');
