import { COUNT, IDS, type ProblemFactsByCode } from './problem-facts.js';

/** Requests for places. */
export const PLACES = {
  sold_out: {
    status: 409,
    detail: 'Not enough places are free, or they belong to the waitlist.',
    meaning:
      'Not enough places are free, or the free places belong to the waitlist. Only requests that cannot wait get this: `onSoldOut: "refuse"`, holds, specific seats, and events whose waitlist is disabled',
    action: 'Ask for fewer places, or book with `onSoldOut: "wait"`',
    fields: { requested: COUNT },
    isStored: true,
  },
  already_waiting: {
    status: 409,
    detail: 'This customer is already on the waitlist.',
    meaning:
      'The customer would have to join the waitlist of this section, but already has an entry there that is waiting or has an offer',
    action: 'Wait, or leave the waitlist first',
    isStored: true,
  },
  waitlist_full: {
    status: 409,
    detail: 'The waitlist is full.',
    meaning: 'The places are not free, and the waitlist has reached its maximum size',
    action: 'Try again later',
    fields: { max: { ...COUNT, description: 'the highest number of waiting entries' } },
    isStored: true,
  },
  exceeds_capacity: {
    status: 409,
    detail: 'The section has fewer places than you asked for.',
    meaning:
      'The section has fewer places than the request asks for, so it could never be fulfilled',
    action: 'Ask for `capacity` places at most',
    fields: { requested: COUNT, capacity: COUNT },
    isStored: true,
  },
  limit_exceeded: {
    status: 409,
    detail: 'The limit per {per} is {limit} places.',
    meaning:
      "The request exceeds the event's limit per booking or per customer, or the 10,000 places that one booking can have",
    action: 'Ask for at most `limit` places, or `limit` − `has`',
    fields: {
      requested: COUNT,
      limit: COUNT,
      per: { enum: ['booking', 'person'] },
      has: {
        ...COUNT,
        description:
          'places that the customer has booked, holds and waits for in the whole event; only with `per: "person"`, and only for keys with `bookings:read`',
      },
    },
    optionalFields: ['has'],
    isStored: true,
  },
  event_not_on_sale: {
    status: 409,
    detail: 'This event is not on sale.',
    meaning: 'The event is a draft or was cancelled. Its holds and offers cannot be booked either',
    action: "Check the event's `status`",
    isStored: true,
  },
  seat_taken: {
    status: 409,
    detail: 'Not all of these seats are free.',
    meaning: 'At least one of the seats is booked or held',
    action: 'Choose other seats: `GET /v1/events/:id/seats?status=AVAILABLE`',
    fields: { seatIds: { ...IDS, description: 'the seats that are not free' } },
    isStored: true,
  },
  seat_not_found: {
    status: 404,
    detail: 'This seat does not exist.',
    meaning: 'The section has no such seat',
    action: 'Take ids from `GET /v1/events/:id/seats`',
    fields: {
      seatIds: {
        ...IDS,
        description: 'the unknown seats; only if the request had a list of seats',
      },
    },
    optionalFields: ['seatIds'],
    isStored: true,
  },
  too_many_attempts: {
    status: 429,
    detail: 'This customer has made too many attempts to get or cancel places of this event.',
    meaning:
      'This customer has made too many attempts to get or cancel places of this event. Every request counts, successful or not, retries included; cancellations count only with API keys that lack `bookings:read`. Nothing was changed',
    action: 'Wait for `Retry-After`, then retry',
    fields: {
      limit: { ...COUNT, description: 'attempts allowed within `windowSeconds`' },
      windowSeconds: COUNT,
    },
  },
  section_not_seated: {
    status: 409,
    detail: 'The places of this section are not numbered seats.',
    meaning: 'The request names seats, but the places of this section are not numbered',
    action: 'Send `quantity` instead of `seatIds`',
    isStored: true,
  },
} as const satisfies ProblemFactsByCode;
