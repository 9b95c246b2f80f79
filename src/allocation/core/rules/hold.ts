import { canAllocateNow, admissionRefusal } from './admission.js';
import type { HoldCommand, HoldIdCommand } from '../commands.js';
import type { SectionState } from '../section-state.js';
import type { Hold, HoldEnd } from '../state/holds.js';
import { type Outcome, refused } from '../outcomes.js';
import { bookHeld, releaseHeld, holdAvailable } from './place-changes.js';
import { promote } from './promote.js';
import type { Refusal } from '../refusals.js';

/** Keeps places for a while. As with a booking, but nobody waits for a hold. */
export function hold(state: SectionState, command: HoldCommand): Outcome {
  const reason = admissionRefusal(state, command);
  if (reason !== undefined) return refused(reason);
  if (!canAllocateNow(state, command.quantity)) {
    return refused({ code: 'sold_out', requested: command.quantity });
  }
  const taker = { ...command, waitlistEntryId: null };
  return { kind: 'held', hold: holdAvailable(state, taker, command.ttlSeconds) };
}

/** Books what is held. Of an event that has been called off, it is only not ended yet. */
export function confirm(state: SectionState, { holdId }: HoldIdCommand): Outcome {
  const found = findHeld(state, holdId);
  if ('code' in found) return refused(found);
  if (state.section.row.sales !== 'OPEN') return refused({ code: 'event_not_on_sale' });
  return { kind: 'booked', ...bookHeld(state, found) };
}

/** Gives back what is held; who gives back an offer has declined it. */
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
