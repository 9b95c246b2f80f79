import { canAllocateNow, admissionRefusal } from './admission.js';
import type { HoldCommand, HoldIdCommand } from '../commands.js';
import type { SectionState } from '../section-state.js';
import type { Hold, HoldEnd } from '../state/holds.js';
import { type Outcome, refused } from '../outcomes.js';
import { bookHeld, releaseHeld, holdAvailable } from './place-changes.js';
import { promote } from './promote.js';
import type { Refusal } from '../refusals.js';
import { refusalFor } from './standing.js';

/** Holds places for a limited time. Unlike a booking, a hold never waits. */
export function hold(state: SectionState, command: HoldCommand): Outcome {
  const { quantity: requested } = command;
  const soldOut: Refusal | undefined = canAllocateNow(state, requested)
    ? undefined
    : { code: 'sold_out', requested };
  const refusal = refusalFor(state, command, (person) => {
    return admissionRefusal(state, command, person) ?? soldOut;
  });
  if (refusal !== undefined) return refused(refusal);
  const recipient = { ...command, waitlistEntryId: null };
  const made = holdAvailable(state, recipient, command.ttlSeconds);
  const seats = made.seatIds.flatMap((id) => state.seats.numbered(id) ?? []);
  return { kind: 'held', hold: made, ...(seats.length > 0 && { seats }) };
}

/** Books what is held. A cancelled event may still have holds that are not voided yet: refused. */
export function confirm(state: SectionState, { holdId }: HoldIdCommand): Outcome {
  const found = findHeld(state, holdId);
  if ('code' in found) return refused(found);
  if (state.section.row.sales !== 'OPEN') return refused({ code: 'event_not_on_sale' });
  return { kind: 'booked', ...bookHeld(state, found) };
}

/** Ends a hold without booking its places. To release an offer is to decline it. */
export function release(state: SectionState, { holdId }: HoldIdCommand): Outcome {
  const found = findHeld(state, holdId);
  if ('code' in found) return refused(found);
  const released = releaseHeld(state, found, 'DECLINED');
  promote(state);
  return { kind: 'released', hold: released };
}

const ENDED: Readonly<Record<HoldEnd, Refusal>> = {
  CONFIRMED: { code: 'hold_confirmed' },
  RELEASED: { code: 'hold_released' },
  EXPIRED: { code: 'hold_expired' },
};

function findHeld(state: SectionState, holdId: string): Hold | Refusal {
  const found = state.holds.find(holdId);
  if (found === undefined) return { code: 'hold_not_found' };
  return found.status === 'HELD' ? found : ENDED[found.status];
}
