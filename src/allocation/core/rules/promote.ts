import type { WaitingEntry } from '../waitlist/waitlist-entry.js';
import type { Promotion } from '../outcomes.js';
import { emit, type SectionState } from '../section-state.js';
import { bookAvailable, endEntry, holdAvailable, priceIn } from './place-changes.js';

/**
 * Gives free places to the waitlist, entry by entry, until the next one does not fit. Part of every
 * command that frees places or changes which entry is next: no commit leaves a place free that should
 * go to someone waiting. While sales are closed, nobody is promoted.
 */
export function promote(state: SectionState): readonly Promotion[] {
  const promotions: Promotion[] = [];
  if (state.section.row.sales !== 'OPEN') return promotions;
  for (;;) {
    const { available, rules } = state.section.row;
    if (available === 0 || state.waitlist.isEmpty) return promotions;
    const entry = state.waitlist.next(available);
    if (entry === undefined) return promotions;
    const isOffer = rules.mode === 'offer';
    promotions.push(isOffer ? offer(state, entry, rules.offerTtlSeconds) : bookFor(state, entry));
  }
}

function bookFor(state: SectionState, { id, userId, quantity }: WaitingEntry): Promotion {
  const { booking, tickets } = bookAvailable(state, { userId, quantity, waitlistEntryId: id });
  endEntry(state, id, 'PROMOTED', booking.id);
  return { entryId: id, userId, quantity, price: booking.price, bookingId: booking.id, tickets };
}

function offer(
  state: SectionState,
  { id, userId, quantity }: WaitingEntry,
  ttlSeconds: number,
): Promotion {
  const recipient = { userId, quantity, waitlistEntryId: id };
  const hold = holdAvailable(state, recipient, ttlSeconds);
  const { id: holdId, price, expiresAt } = hold;
  state.waitlist.offer(id, holdId);
  emit(state, 'waitlist.offered', { entryId: id, userId, quantity, holdId, ...priceIn(hold) });
  return { entryId: id, userId, quantity, price, holdId, expiresAt: expiresAt.toISOString() };
}
