import type { Desk } from '../section-state.js';
import { countExpired } from './expire.js';
import type { Outcome } from '../outcomes.js';
import { endEntry, freeBooked, freeHeld } from './place-changes.js';

/**
 * Ends whatever the desk knows of a section that is closed for good: bookings, holds and entries.
 * Called again until nothing is left.
 */
export function windUp(desk: Desk): Outcome {
  const { section, ledger, holds, line } = desk;
  if (section.now.sales !== 'CLOSED') throw new Error(`Section ${section.now.id} is not closed`);
  const held = holds.held;
  const waiting = line.waitingKnown;
  const tickets = ledger.ticketsKnown;
  const bookings = new Set(tickets.map(({ bookingId }) => bookingId));
  for (const hold of held) freeHeld(desk, hold, 'VOIDED');
  for (const { id } of waiting) endEntry(desk, id, 'VOIDED');
  freeBooked(
    desk,
    tickets.map(({ id }) => id),
  );
  // What was overdue has ended before: that, too, is a reason to come again.
  const ended = countExpired(desk) + held.length + waiting.length + bookings.size;
  return { kind: 'woundUp', ended };
}
