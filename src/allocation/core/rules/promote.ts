import type { WaitingEntry } from '../waitlist/waitlist-entry.js';
import type { SectionState } from '../section-state.js';
import { bookAvailable, endEntry, holdAvailable } from './place-changes.js';

/**
 * Gives free places to whose turn it is until nothing more fits. Part of every command that frees
 * places or changes whose turn it is, so that no commit leaves a place free while someone waits to
 * whom it should go. While sales are closed, nobody is given anything.
 */
export function promote(state: SectionState): void {
  if (state.section.row.sales !== 'OPEN') return;
  for (;;) {
    const { available, rules } = state.section.row;
    if (available === 0 || state.waitlist.isEmpty) return;
    const entry = state.waitlist.next(available);
    if (entry === undefined) return;
    if (rules.mode === 'offer') offer(state, entry, rules.offerTtlSeconds);
    else give(state, entry);
  }
}

function give(state: SectionState, { id, userId, quantity }: WaitingEntry): void {
  const { booking } = bookAvailable(state, { userId, quantity, waitlistEntryId: id });
  endEntry(state, id, 'PROMOTED', booking.id);
}

function offer(
  state: SectionState,
  { id, userId, quantity }: WaitingEntry,
  ttlSeconds: number,
): void {
  const { id: holdId } = holdAvailable(
    state,
    { userId, quantity, waitlistEntryId: id },
    ttlSeconds,
  );
  state.waitlist.offer(id, holdId);
  state.emit('waitlist.offered', { entryId: id, userId, quantity, holdId });
}
