import { mayHaveNow, whyNotAtAll } from './admission.js';
import type { BookCommand } from '../commands.js';
import type { Desk } from '../section-state.js';
import { type Outcome, refused } from '../outcomes.js';
import { bookFree } from './place-changes.js';
import type { Refusal } from '../refusals.js';

/** Books places, or puts the person in the line. */
export function book(desk: Desk, command: BookCommand): Outcome {
  const reason = whyNotAtAll(desk, command);
  if (reason !== undefined) return refused(reason);
  if (mayHaveNow(desk, command.quantity)) {
    return { kind: 'booked', ...bookFree(desk, { ...command, waitlistEntryId: null }) };
  }
  const whyNoWait = whyNotWait(desk, command);
  return whyNoWait === undefined ? join(desk, command) : refused(whyNoWait);
}

/** Who chooses his seats never waits: nobody could say when these come free. */
function whyNotWait(desk: Desk, command: BookCommand): Refusal | undefined {
  const { userId, quantity, onSoldOut, seatIds } = command;
  const { waiting, rules } = desk.section.now;
  if (onSoldOut === 'refuse' || seatIds !== undefined || !rules.waitlistEnabled) {
    return { code: 'sold_out', requested: quantity };
  }
  if (desk.line.openEntryOf(userId) !== undefined) return { code: 'already_waiting' };
  const max = rules.waitlistMax;
  return max !== null && waiting >= max ? { code: 'waitlist_full', max } : undefined;
}

function join(desk: Desk, { userId, quantity }: BookCommand): Outcome {
  const person = { id: desk.surroundings.newId(), ...desk.origin, userId, quantity };
  const { entry, position } = desk.line.join(person);
  desk.claims.add(userId, quantity);
  desk.tell('waitlist.joined', { entryId: entry.id, userId, quantity });
  return { kind: 'waitlisted', entry, position };
}
