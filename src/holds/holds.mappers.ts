import { DomainError } from '../platform/errors/index.js';
import type { RequestContext } from '../platform/http/index.js';
import type { Replayable } from '../platform/idempotency/index.js';
import {
  type CommandResult,
  type OutcomeOf,
  priceOfPlaces,
  type WithoutSection,
} from '../allocation/index.js';
import { type HoldRequest, type HoldResponse, TTL_SECONDS_DEFAULT } from './holds.dto.js';
import type { HoldWithSeats } from './holds.queries.js';
import { expectOutcome, refusalCodeOf, toIso, personOf, placesWanted } from '../bookings/index.js';

/** The seats are missing where there are none, and in the stored outcomes of previous versions. */
type HeldPlaces = Pick<OutcomeOf<'held'>, 'hold' | 'seats'>;

export const toHoldCommand = (
  body: HoldRequest,
  context: RequestContext,
): WithoutSection<'hold'> => ({
  idempotencyKey: context.idempotencyKey,
  actor: context.actor,
  kind: 'hold',
  person: personOf(body, context),
  ...placesWanted(body),
  ttlSeconds: body.ttlSeconds ?? TTL_SECONDS_DEFAULT,
  isBlind: !context.mayRead,
});

/** A hold as it is at a moment: EXPIRED from `expiresAt` on, even if its row still says HELD. */
export function toHoldAt({ hold, seats }: HoldWithSeats, now: Date): HoldResponse {
  const isOver = hold.status === 'HELD' && hold.expiresAt <= now;
  if (isOver) return toHold({ hold: { ...hold, status: 'EXPIRED', seatIds: [] } });
  return toHold({ hold, seats });
}

/** @throws {DomainError} `hold_not_found` for a hold that has ended without becoming a booking */
export function expectReleased(result: CommandResult): Replayable<OutcomeOf<'released'>> {
  const code = refusalCodeOf(result);
  if (code === 'hold_released' || code === 'hold_expired')
    throw new DomainError('hold_not_found', { isReplay: result.isReplay });
  return expectOutcome(result, 'released');
}

export function toHold({ hold, seats = [] }: HeldPlaces): HoldResponse {
  const { id, eventId, sectionId, userId, quantity, price, seatIds, status, waitlistEntryId } =
    hold;
  return {
    id,
    eventId,
    sectionId,
    userId,
    quantity,
    price: priceOfPlaces(price, quantity),
    ...(seatIds.length > 0 && { seatIds }),
    ...(seats.length > 0 && { seats }),
    status,
    expiresAt: toIso(hold.expiresAt),
    createdAt: toIso(hold.createdAt),
    ...(waitlistEntryId !== null && { waitlistEntryId }),
  };
}
