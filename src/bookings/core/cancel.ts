import { refused } from './book.js';
import type { CancelCommand, CancelTarget, Outcome } from './commands.js';
import type { Desk } from './desk.js';
import { promote } from './promote.js';
import type { Refusal } from './refusals.js';

/**
 * Cancels tickets and promotes the head of the line into the freed places. A person without a
 * ticket who only asks for "my newest" leaves the line instead, if he is in it.
 */
export function cancel(desk: Desk, command: CancelCommand): Outcome {
  const { userId, target } = command;
  const held = desk.ledger.ticketsOf(userId);
  const entry = desk.line.entryOf(userId);
  if (held.length === 0 && target.by === 'newest' && entry !== undefined) {
    desk.line.leave(entry);
    desk.tell('waitlist.left', { entryId: entry.id, userId });
    promote(desk);
    return { kind: 'left', entry };
  }
  const choice = choose(held, target);
  if ('code' in choice) return refused(choice);
  cancelTickets(desk, userId, choice.ticketIds);
  promote(desk);
  const { eventId } = desk.section.now;
  return { kind: 'cancelled', eventId, userId, ticketIds: choice.ticketIds };
}

function cancelTickets(desk: Desk, userId: string, ticketIds: readonly string[]): void {
  for (const { bookingId, lost, ended } of desk.ledger.cancel(userId, ticketIds)) {
    desk.section.unbook(lost, ended);
    desk.tell('booking.cancelled', { bookingId, userId, quantity: lost, ended });
  }
}

type Held = readonly { readonly id: string; readonly bookingId: string }[];
type Choice = { readonly ticketIds: readonly string[] } | Refusal;

/** Which of the held tickets (newest first) the target means. */
function choose(held: Held, target: CancelTarget): Choice {
  switch (target.by) {
    case 'newest':
      return held.length === 0 ? { code: 'booking_not_found' } : newest(held, target.quantity);
    case 'booking': {
      const ofBooking = held.filter((ticket) => ticket.bookingId === target.bookingId);
      if (ofBooking.length === 0) return { code: 'booking_not_found' };
      return newest(ofBooking, target.quantity ?? ofBooking.length);
    }
    case 'tickets': {
      const own = new Set(held.map((ticket) => ticket.id));
      const wanted = [...new Set(target.ticketIds)];
      return wanted.every((id) => own.has(id))
        ? { ticketIds: wanted }
        : { code: 'ticket_not_found' };
    }
  }
}

function newest(held: Held, quantity: number): Choice {
  if (quantity > held.length) {
    return { code: 'quantity_exceeds_booking', requested: quantity, held: held.length };
  }
  return { ticketIds: held.slice(0, quantity).map((ticket) => ticket.id) };
}
