import { canAllocateNow, admissionRefusal } from './admission.js';
import type { BookCommand } from '../commands.js';
import { emit, rowBasis, type SectionState } from '../section-state.js';
import { type Outcome, refused } from '../outcomes.js';
import { bookAvailable } from './place-changes.js';
import type { Refusal } from '../refusals.js';
import { refusalFor, type Standing } from './standing.js';

/** Books places, or puts the person on the waitlist. */
export function book(state: SectionState, command: BookCommand): Outcome {
  const isNow = canAllocateNow(state, command.quantity);
  const refusal = refusalFor(state, command, (person) => {
    const notAdmitted = admissionRefusal(state, command, person);
    return notAdmitted ?? (isNow ? undefined : waitlistRefusal(state, command, person));
  });
  if (refusal !== undefined) return refused(refusal);
  if (!isNow) return join(state, command);
  return { kind: 'booked', ...bookAvailable(state, { ...command, waitlistEntryId: null }) };
}

/** Requests for specific seats never join the waitlist: nobody can predict when these become free. */
function waitlistRefusal(
  state: SectionState,
  { quantity, onSoldOut, seatIds }: BookCommand,
  person: Standing,
): Refusal | undefined {
  const { waiting, rules } = state.section.row;
  if (onSoldOut === 'refuse' || seatIds !== undefined || !rules.waitlistEnabled) {
    return { code: 'sold_out', requested: quantity };
  }
  if (person.isWaiting()) return { code: 'already_waiting' };
  const max = rules.waitlistMax;
  return max !== null && waiting >= max ? { code: 'waitlist_full', max } : undefined;
}

function join(state: SectionState, { userId, quantity }: BookCommand): Outcome {
  const newEntry = { id: state.context.newId(), ...rowBasis(state), userId, quantity };
  const { entry, position } = state.waitlist.join(newEntry);
  state.allocations.add(userId, quantity);
  emit(state, 'waitlist.joined', { entryId: entry.id, userId, quantity });
  return { kind: 'waitlisted', entry, position };
}
