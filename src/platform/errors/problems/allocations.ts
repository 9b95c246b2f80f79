import { COUNT, type ProblemFactsByCode } from './problem-facts.js';

/** Bookings and their tickets. */
export const BOOKINGS = {
  booking_not_found: {
    status: 404,
    detail: 'This booking does not exist, is cancelled or belongs to another person.',
    meaning:
      'The booking does not exist, is cancelled, or belongs to another person than the `identifier`. For `/cancel`: the person has neither a booking nor a waitlist entry',
    action: 'Nothing: there is nothing left to cancel',
    isStored: true,
  },
  ticket_not_found: {
    status: 404,
    detail:
      'At least one of the tickets does not exist, is cancelled, or belongs to another person or booking.',
    meaning:
      'At least one of the tickets does not exist, is cancelled, or belongs to another person or booking. No ticket was cancelled',
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
      'The hold does not exist. When releasing a hold: also if it was released or has expired',
    action: 'Nothing: no places are held',
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
      'The entry does not exist or has ended: the person left, was promoted or declined, or the event was cancelled',
    action: 'Book again; this joins the end of the waitlist',
    isStored: true,
  },
  not_offered: {
    status: 409,
    detail: 'This entry is still waiting and has no offer.',
    meaning: 'The entry is still waiting, so there is no offer to accept or decline',
    action: 'Wait. To leave the waitlist, `DELETE` the entry',
    isStored: true,
  },
  offer_expired: {
    status: 409,
    detail: 'This offer has expired.',
    meaning: 'The offer was not answered in time, and the places went to the next entry',
    action: 'Book again; this joins the end of the waitlist',
    isStored: true,
  },
} as const satisfies ProblemFactsByCode;
