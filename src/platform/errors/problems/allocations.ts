import { COUNT, type ProblemFactsByCode } from './problem-facts.js';

/** Bookings and their tickets. */
export const BOOKINGS = {
  booking_not_found: {
    status: 404,
    detail: 'This booking does not exist, is cancelled or belongs to another customer.',
    meaning:
      'The booking does not exist, is cancelled, or belongs to another customer than the `identifier`. For `/cancel` without `bookingId`: the customer has neither a booking nor an open waitlist entry',
    action: 'Check the id and the identifier. If they are right, there is nothing left to cancel',
    isStored: true,
  },
  ticket_not_found: {
    status: 404,
    detail:
      'At least one of the tickets does not exist, is cancelled, or belongs to another customer or booking.',
    meaning:
      'At least one of the tickets does not exist, is cancelled, or belongs to another customer or booking. No ticket was cancelled',
    action: 'Read the booking and send the ids of tickets that are `BOOKED`',
    isStored: true,
  },
  quantity_exceeds_booking: {
    status: 409,
    detail: 'The request cancels more tickets than there are.',
    meaning: 'The request is for more tickets than can be cancelled. No ticket was cancelled',
    action: 'Ask for `held` tickets at most',
    fields: {
      requested: COUNT,
      held: { ...COUNT, description: 'tickets that could be cancelled' },
    },
    isStored: true,
  },
} as const satisfies ProblemFactsByCode;

/** Holds. */
export const HOLDS = {
  hold_not_found: {
    status: 404,
    detail: 'This hold does not exist or has ended.',
    meaning:
      'The hold does not exist. When a hold is released: also if it was released before or has expired',
    action: 'Check the id. If it is right, no places are held',
    isStored: true,
  },
  hold_expired: {
    status: 409,
    detail: 'This hold has expired.',
    meaning: 'The hold expired before it was confirmed, and its places were given up',
    action: 'Create a new hold',
    isStored: true,
  },
  hold_released: {
    status: 409,
    detail: 'This hold was released.',
    meaning: 'The hold was released, its offer was declined, or the event was cancelled',
    action: 'Create a new hold',
    isStored: true,
  },
  hold_confirmed: {
    status: 409,
    detail: 'This hold has become a booking.',
    meaning: 'The hold has already become a booking',
    action: 'To give the places back, cancel the booking',
    isStored: true,
  },
} as const satisfies ProblemFactsByCode;

/** Waitlist entries and their offers. */
export const WAITLIST = {
  entry_not_found: {
    status: 404,
    detail: 'This waitlist entry does not exist or has ended.',
    meaning:
      'The entry does not exist or has ended: it was promoted, left, declined or voided. For `DELETE`: also if its offer expired',
    action: "Check the customer's bookings. If there is none, book again",
    isStored: true,
  },
  not_offered: {
    status: 409,
    detail: 'This entry is still waiting and has no offer.',
    meaning: 'The entry is still waiting, so there is no offer to accept or decline',
    action: 'Wait for an offer, or leave the waitlist: `DELETE /v1/waitlist/:id`',
    isStored: true,
  },
  offer_expired: {
    status: 409,
    detail: 'This offer has expired.',
    meaning: 'The offer was not accepted in time. Its places go to the next entry',
    action: 'Book again. If the places are not free, this joins the end of the waitlist',
    isStored: true,
  },
} as const satisfies ProblemFactsByCode;
