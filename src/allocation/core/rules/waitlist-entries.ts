import type { EntryStatus, KnownEntry } from '../waitlist/waitlist-entry.js';
import type { EntryCommand } from '../commands.js';
import type { Desk } from '../section-state.js';
import type { Hold } from '../state/holds.js';
import { type Outcome, type OutcomeOf, refused } from '../outcomes.js';
import { bookHeld, endEntry, freeHeld } from './place-changes.js';
import { promote } from './promote.js';
import type { Refusal } from '../refusals.js';

/** Leaves the line, or turns down what it offers. */
export function leave(desk: Desk, { entryId }: EntryCommand): Outcome {
  const entry = desk.line.find(entryId);
  if (entry?.status !== 'WAITING' && entry?.status !== 'OFFERED') {
    return refused({ code: 'entry_not_found' });
  }
  return leaveLine(desk, entry);
}

/** Books what was offered. */
export function accept(desk: Desk, { entryId }: EntryCommand): Outcome {
  const entry = desk.line.find(entryId);
  if (entry?.status !== 'OFFERED') return refused(whyNoOffer(entry?.status));
  if (desk.section.now.sales !== 'OPEN') return refused({ code: 'event_not_on_sale' });
  return { kind: 'booked', ...bookHeld(desk, offerOf(desk, entry)) };
}

/** Turns down what was offered. */
export function decline(desk: Desk, { entryId }: EntryCommand): Outcome {
  const entry = desk.line.find(entryId);
  if (entry?.status !== 'OFFERED') return refused(whyNoOffer(entry?.status));
  return leaveLine(desk, entry);
}

/**
 * Whoever leaves while he is offered something has declined it, in whatever words he says so. He
 * frees its places; and who only waited may be the one for whom all others wait: the line moves up.
 */
export function leaveLine(desk: Desk, entry: KnownEntry): OutcomeOf<'left' | 'declined'> {
  const isOffered = entry.status === 'OFFERED';
  if (isOffered) freeHeld(desk, offerOf(desk, entry), 'DECLINED');
  else endEntry(desk, entry.id, 'LEFT');
  promote(desk);
  const ended = desk.line.find(entry.id)!;
  return { kind: isOffered ? 'declined' : 'left', entry: ended, at: desk.surroundings.now };
}

function whyNoOffer(status: EntryStatus | undefined): Refusal {
  if (status === 'WAITING') return { code: 'not_offered' };
  return { code: status === 'EXPIRED' ? 'offer_expired' : 'entry_not_found' };
}

function offerOf(desk: Desk, entry: KnownEntry): Hold {
  const hold = desk.holds.find(entry.holdId ?? '');
  if (hold === undefined) throw new Error(`The hold of offered entry ${entry.id} was not loaded`);
  return hold;
}
