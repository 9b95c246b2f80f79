import { canAllocateNow, admissionRefusal } from './admission.js';
import type { BookCommand } from '../commands.js';
import type { SectionState } from '../section-state.js';
import { type Outcome, refused } from '../outcomes.js';
import { bookAvailable } from './place-changes.js';
import type { Refusal } from '../refusals.js';

/** Books places, or puts the person in the line. */
export function book(state: SectionState, command: BookCommand): Outcome {
  const reason = admissionRefusal(state, command);
  if (reason !== undefined) return refused(reason);
  if (canAllocateNow(state, command.quantity)) {
    return { kind: 'booked', ...bookAvailable(state, { ...command, waitlistEntryId: null }) };
  }
  const whyNoWait = waitlistRefusal(state, command);
  return whyNoWait === undefined ? join(state, command) : refused(whyNoWait);
}

/** Who chooses his seats never waits: nobody could say when these come free. */
function waitlistRefusal(state: SectionState, command: BookCommand): Refusal | undefined {
  const { userId, quantity, onSoldOut, seatIds } = command;
  const { waiting, rules } = state.section.row;
  if (onSoldOut === 'refuse' || seatIds !== undefined || !rules.waitlistEnabled) {
    return { code: 'sold_out', requested: quantity };
  }
  if (state.waitlist.openEntryOf(userId) !== undefined) return { code: 'already_waiting' };
  const max = rules.waitlistMax;
  return max !== null && waiting >= max ? { code: 'waitlist_full', max } : undefined;
}

function join(state: SectionState, { userId, quantity }: BookCommand): Outcome {
  const person = { id: state.context.newId(), ...state.origin, userId, quantity };
  const { entry, position } = state.waitlist.join(person);
  state.allocations.add(userId, quantity);
  state.emit('waitlist.joined', { entryId: entry.id, userId, quantity });
  return { kind: 'waitlisted', entry, position };
}
