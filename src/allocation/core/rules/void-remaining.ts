import type { SectionState } from '../section-state.js';
import { countExpired } from './expire.js';
import type { Outcome } from '../outcomes.js';
import { endEntry, releaseBooked, releaseHeld } from './place-changes.js';

/**
 * Ends what is loaded of a section that is closed for good: bookings, holds and waitlist entries.
 * Repeated until nothing is left.
 */
export function voidRemaining(state: SectionState): Outcome {
  const { section, bookings, holds, waitlist } = state;
  if (section.row.sales !== 'CLOSED') throw new Error(`Section ${section.row.id} is not closed`);
  const held = holds.held;
  const waiting = waitlist.loadedWaiting;
  const tickets = bookings.loadedTickets;
  const bookingIds = new Set(tickets.map(({ bookingId }) => bookingId));
  for (const hold of held) releaseHeld(state, hold, 'VOIDED');
  for (const { id } of waiting) endEntry(state, id, 'VOIDED');
  releaseBooked(
    state,
    tickets.map(({ id }) => id),
  );
  // Overdue holds ended before this command, but they too are a reason to come back.
  const ended = countExpired(state) + held.length + waiting.length + bookingIds.size;
  return { kind: 'voided', ended };
}
