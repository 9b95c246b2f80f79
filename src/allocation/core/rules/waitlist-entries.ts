import type { EntryStatus, WaitlistEntry } from '../waitlist/waitlist-entry.js';
import type { EntryCommand } from '../commands.js';
import type { SectionState } from '../section-state.js';
import type { Hold } from '../state/holds.js';
import { type Outcome, type OutcomeOf, refused } from '../outcomes.js';
import { bookHeld, endEntry, releaseHeld } from './place-changes.js';
import { promote } from './promote.js';
import type { Refusal } from '../refusals.js';

/** Leaves the waitlist, or declines its offer. */
export function leave(state: SectionState, { entryId }: EntryCommand): Outcome {
  const entry = state.waitlist.find(entryId);
  if (entry?.status !== 'WAITING' && entry?.status !== 'OFFERED') {
    return refused({ code: 'entry_not_found' });
  }
  return leaveWaitlist(state, entry);
}

/** Accepts an offer. */
export function accept(state: SectionState, { entryId }: EntryCommand): Outcome {
  const entry = state.waitlist.find(entryId);
  if (entry?.status !== 'OFFERED') return refused(offerRefusal(entry?.status));
  if (state.section.row.sales !== 'OPEN') return refused({ code: 'event_not_on_sale' });
  return { kind: 'booked', ...bookHeld(state, offerOf(state, entry)) };
}

/** Declines what was offered. */
export function decline(state: SectionState, { entryId }: EntryCommand): Outcome {
  const entry = state.waitlist.find(entryId);
  if (entry?.status !== 'OFFERED') return refused(offerRefusal(entry?.status));
  return leaveWaitlist(state, entry);
}

/**
 * Ends an open entry. To leave while OFFERED is to decline. Either way the waitlist may move up: a
 * declined offer frees places, and the head that leaves may have blocked entries that fit.
 */
export function leaveWaitlist(
  state: SectionState,
  entry: WaitlistEntry,
): OutcomeOf<'left' | 'declined'> {
  const isOffered = entry.status === 'OFFERED';
  if (isOffered) releaseHeld(state, offerOf(state, entry), 'DECLINED');
  else endEntry(state, entry.id, 'LEFT');
  promote(state);
  const ended = state.waitlist.find(entry.id)!;
  return { kind: isOffered ? 'declined' : 'left', entry: ended, at: state.context.now };
}

function offerRefusal(status: EntryStatus | undefined): Refusal {
  if (status === 'WAITING') return { code: 'not_offered' };
  return { code: status === 'EXPIRED' ? 'offer_expired' : 'entry_not_found' };
}

function offerOf(state: SectionState, entry: WaitlistEntry): Hold {
  const hold = state.holds.find(entry.holdId ?? '');
  if (hold === undefined) throw new Error(`The hold of offered entry ${entry.id} was not loaded`);
  return hold;
}
