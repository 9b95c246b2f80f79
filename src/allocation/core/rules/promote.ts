import type { WaitingEntry } from '../waitlist/waitlist-entry.js';
import type { Desk } from '../section-state.js';
import { bookFree, endEntry, holdFree } from './place-changes.js';

/**
 * Gives free places to whose turn it is until nothing more fits. Part of every command that frees
 * places or changes whose turn it is, so that no commit leaves a place free while someone waits to
 * whom it should go. While sales are closed, nobody is given anything.
 */
export function promote(desk: Desk): void {
  if (desk.section.now.sales !== 'OPEN') return;
  for (;;) {
    const { available, rules } = desk.section.now;
    if (available === 0 || desk.line.isEmpty) return;
    const entry = desk.line.next(available);
    if (entry === undefined) return;
    if (rules.mode === 'offer') offer(desk, entry, rules.offerTtlSeconds);
    else give(desk, entry);
  }
}

function give(desk: Desk, { id, userId, quantity }: WaitingEntry): void {
  const { booking } = bookFree(desk, { userId, quantity, waitlistEntryId: id });
  endEntry(desk, id, 'PROMOTED', booking.id);
}

function offer(desk: Desk, { id, userId, quantity }: WaitingEntry, ttlSeconds: number): void {
  const { id: holdId } = holdFree(desk, { userId, quantity, waitlistEntryId: id }, ttlSeconds);
  desk.line.offer(id, holdId);
  desk.tell('waitlist.offered', { entryId: id, userId, quantity, holdId });
}
