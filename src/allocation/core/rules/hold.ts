import { mayHaveNow, whyNotAtAll } from './admission.js';
import type { HoldCommand, HoldIdCommand } from '../commands.js';
import type { Desk } from '../section-state.js';
import type { Hold, HoldEnd } from '../state/holds.js';
import { type Outcome, refused } from '../outcomes.js';
import { bookHeld, freeHeld, holdFree } from './place-changes.js';
import { promote } from './promote.js';
import type { Refusal } from '../refusals.js';

/** Keeps places for a while. As with a booking, but nobody waits for a hold. */
export function hold(desk: Desk, command: HoldCommand): Outcome {
  const reason = whyNotAtAll(desk, command);
  if (reason !== undefined) return refused(reason);
  if (!mayHaveNow(desk, command.quantity)) {
    return refused({ code: 'sold_out', requested: command.quantity });
  }
  const taker = { ...command, waitlistEntryId: null };
  return { kind: 'held', hold: holdFree(desk, taker, command.ttlSeconds) };
}

/** Books what is held. Of an event that has been called off, it is only not ended yet. */
export function confirm(desk: Desk, { holdId }: HoldIdCommand): Outcome {
  const found = findHeld(desk, holdId);
  if ('code' in found) return refused(found);
  if (desk.section.now.sales !== 'OPEN') return refused({ code: 'event_not_on_sale' });
  return { kind: 'booked', ...bookHeld(desk, found) };
}

/** Gives back what is held; who gives back an offer has declined it. */
export function release(desk: Desk, { holdId }: HoldIdCommand): Outcome {
  const found = findHeld(desk, holdId);
  if ('code' in found) return refused(found);
  const released = freeHeld(desk, found, 'DECLINED');
  promote(desk);
  return { kind: 'released', hold: released };
}

const ENDED: Readonly<Record<HoldEnd, Refusal>> = {
  CONFIRMED: { code: 'hold_confirmed' },
  RELEASED: { code: 'hold_released' },
  EXPIRED: { code: 'hold_expired' },
};

function findHeld(desk: Desk, holdId: string): Hold | Refusal {
  const found = desk.holds.find(holdId);
  if (found === undefined) return { code: 'hold_not_found' };
  return found.status === 'HELD' ? found : ENDED[found.status];
}
