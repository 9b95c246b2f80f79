import type {
  CancelBookingCommand,
  CancelCommand,
  CancelTarget,
  ReleaseSeatCommand,
} from '../commands.js';
import type { SectionState } from '../section-state.js';
import { leaveWaitlist } from './waitlist-entries.js';
import type { Ticket } from '../state/section-bookings.js';
import { type Outcome, refused } from '../outcomes.js';
import { print, releaseBooked } from './place-changes.js';
import { promote } from './promote.js';
import type { Refusal } from '../refusals.js';

/**
 * Cancels tickets and gives their places to the waitlist. If a person without tickets cancels "my
 * newest", their open waitlist entry ends instead: they leave, or decline their offer.
 */
export function cancel(state: SectionState, command: CancelCommand): Outcome {
  const { userId, target, isBlind = false } = command;
  const tickets = state.bookings.ticketsOf(userId);
  const entry = state.waitlist.openEntryOf(userId);
  if (tickets.length === 0 && target.by === 'newest' && entry !== undefined) {
    const isTooMany = isBlind && target.quantity > entry.quantity;
    return isTooMany ? refused({ code: 'booking_not_found' }) : leaveWaitlist(state, entry);
  }
  const selection = select(tickets, target);
  const isTelling = 'code' in selection && selection.code === 'quantity_exceeds_booking';
  return cancelSelected(state, isBlind && isTelling ? { code: 'booking_not_found' } : selection);
}

/** Cancels tickets of a booking, regardless of its owner. */
export function cancelBooking(
  state: SectionState,
  { bookingId, target }: CancelBookingCommand,
): Outcome {
  const tickets = state.bookings.ticketsOfBooking(bookingId);
  if (tickets.length === 0) return refused({ code: 'booking_not_found' });
  const outcome = cancelSelected(state, target.by === 'all' ? tickets : select(tickets, target));
  if (outcome.kind !== 'cancelled') return outcome;
  const left = state.bookings
    .ticketsOfBooking(bookingId)
    .map(({ id, seatId }) => print(state, { id, seatId }));
  return { ...outcome, rest: { tickets: left.reverse(), at: state.context.now } };
}

/** Cancels the person's ticket for one seat. */
export function releaseSeat(state: SectionState, { userId, seatId }: ReleaseSeatCommand): Outcome {
  const tickets = state.bookings.ticketsOf(userId);
  const ticket = tickets.find((booked) => booked.seatId === seatId);
  return cancelSelected(state, ticket === undefined ? { code: 'ticket_not_found' } : [ticket]);
}

type Selection = readonly Ticket[] | Refusal;

function cancelSelected(state: SectionState, selection: Selection): Outcome {
  if ('code' in selection) return refused(selection);
  releaseBooked(
    state,
    selection.map(({ id }) => id),
  );
  const { userId } = selection[0]!;
  const promoted = promote(state).filter((one) => one.userId === userId);
  const tickets = selection.map(({ id, seatId, bookingId }) =>
    print(state, { id, seatId, bookingId }),
  );
  const { eventId } = state.section.row;
  const gained = promoted.length > 0 && { promoted };
  return { kind: 'cancelled', eventId, userId, tickets, ...gained };
}

/** Which of the tickets (newest first) the target selects. */
function select(tickets: readonly Ticket[], target: CancelTarget): Selection {
  switch (target.by) {
    case 'newest':
      return tickets.length === 0
        ? { code: 'booking_not_found' }
        : newest(tickets, target.quantity);
    case 'booking': {
      const ofBooking = tickets.filter((ticket) => ticket.bookingId === target.bookingId);
      if (ofBooking.length === 0) return { code: 'booking_not_found' };
      return newest(ofBooking, target.quantity ?? ofBooking.length);
    }
    case 'tickets': {
      const byId = new Map(tickets.map((ticket) => [ticket.id, ticket]));
      const ids = [...new Set(target.ticketIds)];
      const selected = ids.flatMap((id) => byId.get(id) ?? []);
      return selected.length === ids.length ? selected : { code: 'ticket_not_found' };
    }
  }
}

function newest(tickets: readonly Ticket[], quantity: number): Selection {
  if (quantity > tickets.length) {
    return { code: 'quantity_exceeds_booking', requested: quantity, held: tickets.length };
  }
  return tickets.slice(0, quantity);
}
