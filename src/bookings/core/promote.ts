import { confirm } from './book.js';
import type { Desk } from './desk.js';

/**
 * Gives free places to the head of the line until nothing more fits. Part of every command that
 * frees places or changes the head, so that no commit leaves a place free while someone waits whom
 * it would fit. A head that wants more than is free keeps the line waiting.
 */
export function promote(desk: Desk): void {
  for (;;) {
    const { available } = desk.section.now;
    if (available === 0 || desk.line.isEmpty) return;
    const entry = desk.line.takeNext(available);
    if (entry === undefined) return;
    const { booking } = confirm(desk, entry.userId, entry.quantity, entry.id);
    desk.tell('waitlist.promoted', {
      entryId: entry.id,
      userId: entry.userId,
      bookingId: booking.id,
      quantity: entry.quantity,
    });
  }
}
