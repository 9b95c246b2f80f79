import type { BookCommand, Outcome } from './commands.js';
import type { Desk } from './desk.js';
import type { Booking } from './ledger.js';
import type { Refusal } from './refusals.js';

/** A booking's tickets are written in one transaction: more of them would hold the lock too long. */
export const PLACES_PER_BOOKING_MAX = 10_000;

/**
 * Books places, or puts the person in the line. While anyone waits, nobody is given a place here,
 * however many are free: what is free belongs to the line.
 */
export function book(desk: Desk, command: BookCommand): Outcome {
  const { section, line } = desk;
  const { userId, quantity } = command;
  if (section.now.sales !== 'OPEN') return refused({ code: 'event_not_on_sale' });
  if (quantity > section.now.capacity) {
    const { capacity } = section.now;
    return refused({ code: 'exceeds_capacity', requested: quantity, capacity });
  }
  if (quantity > PLACES_PER_BOOKING_MAX) {
    const limit = PLACES_PER_BOOKING_MAX;
    return refused({ code: 'limit_exceeded', requested: quantity, limit });
  }
  if (line.isEmpty && section.fits(quantity)) {
    return { kind: 'booked', ...confirm(desk, userId, quantity, null) };
  }
  if (command.onSoldOut === 'refuse') return refused({ code: 'sold_out', requested: quantity });
  if (line.entryOf(userId) !== undefined) return refused({ code: 'already_waiting' });
  return join(desk, command);
}

function join(desk: Desk, { userId, quantity }: BookCommand): Outcome {
  const { newId, now } = desk.surroundings;
  const { id: sectionId, eventId } = desk.section.now;
  const person = { id: newId(), eventId, sectionId, userId, quantity, createdAt: now };
  const { entry, position } = desk.line.join(person);
  desk.tell('waitlist.joined', { entryId: entry.id, userId, quantity });
  return { kind: 'waitlisted', entry, position };
}

/** Gives places to a person. Whoever calls has made sure that they are there and whose turn it is. */
export function confirm(
  desk: Desk,
  userId: string,
  quantity: number,
  waitlistEntryId: string | null,
): { booking: Booking; ticketIds: readonly string[] } {
  const { newId, now } = desk.surroundings;
  const { id: sectionId, eventId } = desk.section.now;
  const owner = { eventId, sectionId, userId };
  const booking = { id: newId(), ...owner, quantity, waitlistEntryId, createdAt: now };
  // In their order, so that the newest is the last that was printed.
  const ticketIds = Array.from({ length: quantity }, newId).sort();
  desk.section.book(quantity);
  desk.ledger.make(booking, ticketIds);
  desk.tell('booking.confirmed', { bookingId: booking.id, userId, quantity, waitlistEntryId });
  return { booking, ticketIds };
}

export const refused = (refusal: Refusal): Outcome => ({ kind: 'refused', refusal });
