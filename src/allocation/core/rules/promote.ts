import type { WaitingEntry } from '../waitlist/waitlist-entry.js';
import { emit, type SectionState } from '../section-state.js';
import { bookAvailable, endEntry, holdAvailable } from './place-changes.js';

/**
 * Gives free places to the waitlist, entry by entry, until the next one does not fit. Part of every
 * command that frees places or changes which entry is next: no commit leaves a place free that should
 * go to someone waiting. While sales are closed, nobody is promoted.
 */
export function promote(state: SectionState): void {
  if (state.section.row.sales !== 'OPEN') return;
  for (;;) {
    const { available, rules } = state.section.row;
    if (available === 0 || state.waitlist.isEmpty) return;
    const entry = state.waitlist.next(available);
    if (entry === undefined) return;
    if (rules.mode === 'offer') offer(state, entry, rules.offerTtlSeconds);
    else bookFor(state, entry);
  }
}

function bookFor(state: SectionState, { id, userId, quantity }: WaitingEntry): void {
  const { booking } = bookAvailable(state, { userId, quantity, waitlistEntryId: id });
  endEntry(state, id, 'PROMOTED', booking.id);
}

function offer(
  state: SectionState,
  { id, userId, quantity }: WaitingEntry,
  ttlSeconds: number,
): void {
  const recipient = { userId, quantity, waitlistEntryId: id };
  const { id: holdId } = holdAvailable(state, recipient, ttlSeconds);
  state.waitlist.offer(id, holdId);
  emit(state, 'waitlist.offered', { entryId: id, userId, quantity, holdId });
}
