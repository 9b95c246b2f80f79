import type { RequestContext } from '../platform/http/index.js';
import {
  type Hold,
  type CommandResult,
  type WithoutSection,
  holdNotFound,
} from '../allocation/index.js';
import { type HoldRequest, type HoldResponse, TTL_SECONDS_DEFAULT } from './holds.dto.js';
import { expectOutcome, refusalCodeOf, toIso, personOf, placesWanted } from '../bookings/index.js';

export const toHoldCommand = (
  body: HoldRequest,
  context: RequestContext,
): WithoutSection<'hold'> => ({
  idempotencyKey: context.idempotencyKey,
  kind: 'hold',
  person: personOf(body, context),
  ...placesWanted(body),
  ttlSeconds: body.ttlSeconds ?? TTL_SECONDS_DEFAULT,
});

export const toNewHold = (settled: CommandResult): HoldResponse =>
  toHold(expectOutcome(settled, 'held').hold);

/** A hold as it is at a moment: once its time is over it is EXPIRED, whoever may notice it when. */
export function toHoldAt(hold: Hold, now: Date): HoldResponse {
  const isOver = hold.status === 'HELD' && hold.expiresAt <= now;
  return toHold(isOver ? { ...hold, status: 'EXPIRED', seatIds: [] } : hold);
}

/** @throws {DomainError} what has ended is not found, unless it became a booking */
export function expectReleased(settled: CommandResult): void {
  const code = refusalCodeOf(settled);
  if (code === 'hold_released' || code === 'hold_expired') throw holdNotFound(settled.isReplay);
  expectOutcome(settled, 'released');
}

function toHold(hold: Hold): HoldResponse {
  const { id, eventId, sectionId, userId, quantity, seatIds, status, waitlistEntryId } = hold;
  return {
    id,
    eventId,
    sectionId,
    userId,
    quantity,
    ...(seatIds.length > 0 && { seatIds }),
    status,
    expiresAt: toIso(hold.expiresAt),
    createdAt: toIso(hold.createdAt),
    ...(waitlistEntryId !== null && { waitlistEntryId }),
  };
}
