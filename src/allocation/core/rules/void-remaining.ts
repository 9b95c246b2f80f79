import type { SectionState } from '../section-state.js';
import { countExpired } from './expire.js';
import type { Outcome } from '../outcomes.js';
import { endEntry, releaseBooked, releaseHeld } from './place-changes.js';

/**
 * Ends whatever the state knows of a section that is closed for good: bookings, holds and entries.
 * Called again until nothing is left.
 */
export function voidRemaining(state: SectionState): Outcome {
  const { section, bookings: ledger, holds, waitlist: line } = state;
  if (section.row.sales !== 'CLOSED') throw new Error(`Section ${section.row.id} is not closed`);
  const held = holds.held;
  const waiting = line.loadedWaiting;
  const tickets = ledger.loadedTickets;
  const bookings = new Set(tickets.map(({ bookingId }) => bookingId));
  for (const hold of held) releaseHeld(state, hold, 'VOIDED');
  for (const { id } of waiting) endEntry(state, id, 'VOIDED');
  releaseBooked(
    state,
    tickets.map(({ id }) => id),
  );
  // What was overdue has ended before: that, too, is a reason to come again.
  const ended = countExpired(state) + held.length + waiting.length + bookings.size;
  return { kind: 'voided', ended };
}
