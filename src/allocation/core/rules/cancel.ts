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
import { releaseBooked } from './place-changes.js';
import { promote } from './promote.js';
import type { Refusal } from '../refusals.js';

/**
 * Cancels tickets and promotes the line into the freed places. A person without a ticket who only
 * asks for "my newest" leaves the line instead, if he is in it, or declines what it offers him.
 */
export function cancel(state: SectionState, { userId, target }: CancelCommand): Outcome {
  const own = state.bookings.ticketsOf(userId);
  const entry = state.waitlist.openEntryOf(userId);
  if (own.length === 0 && target.by === 'newest' && entry !== undefined) {
    return leaveWaitlist(state, entry);
  }
  return cancelChosen(state, choose(own, target));
}

/** Cancels in a booking that is known by its id alone. */
export function cancelBooking(
  state: SectionState,
  { bookingId, target }: CancelBookingCommand,
): Outcome {
  const all = state.bookings.ticketsOfBooking(bookingId);
  if (all.length === 0) return refused({ code: 'booking_not_found' });
  const outcome = cancelChosen(state, target.by === 'all' ? all : choose(all, target));
  if (outcome.kind !== 'cancelled') return outcome;
  const left = state.bookings.ticketsOfBooking(bookingId).map(({ id, seatId }) => ({ id, seatId }));
  return { ...outcome, rest: { tickets: left.reverse(), at: state.context.now } };
}

export function releaseSeat(state: SectionState, { userId, seatId }: ReleaseSeatCommand): Outcome {
  const own = state.bookings.ticketsOf(userId);
  const ticket = own.find((one) => one.seatId === seatId);
  return cancelChosen(state, ticket === undefined ? { code: 'ticket_not_found' } : [ticket]);
}

type Choice = readonly Ticket[] | Refusal;

function cancelChosen(state: SectionState, choice: Choice): Outcome {
  if ('code' in choice) return refused(choice);
  releaseBooked(
    state,
    choice.map(({ id }) => id),
  );
  promote(state);
  const { userId } = choice[0]!;
  const tickets = choice.map(({ id, seatId, bookingId }) => ({ id, seatId, bookingId }));
  return { kind: 'cancelled', eventId: state.section.row.eventId, userId, tickets };
}

/** Which of the tickets (newest first) the target means. */
function choose(held: readonly Ticket[], target: CancelTarget): Choice {
  switch (target.by) {
    case 'newest':
      return held.length === 0 ? { code: 'booking_not_found' } : newest(held, target.quantity);
    case 'booking': {
      const ofBooking = held.filter((ticket) => ticket.bookingId === target.bookingId);
      if (ofBooking.length === 0) return { code: 'booking_not_found' };
      return newest(ofBooking, target.quantity ?? ofBooking.length);
    }
    case 'tickets': {
      const byId = new Map(held.map((ticket) => [ticket.id, ticket]));
      const wanted = [...new Set(target.ticketIds)];
      const chosen = wanted.flatMap((id) => byId.get(id) ?? []);
      return chosen.length === wanted.length ? chosen : { code: 'ticket_not_found' };
    }
  }
}

function newest(held: readonly Ticket[], quantity: number): Choice {
  if (quantity > held.length) {
    return { code: 'quantity_exceeds_booking', requested: quantity, held: held.length };
  }
  return held.slice(0, quantity);
}
