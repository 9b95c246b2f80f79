import type { ProblemCode } from '../platform/errors/index.js';

type Codes = readonly ProblemCode[];

const FINDING_THE_SECTION: Codes = ['event_not_found', 'section_not_found', 'section_required'];

const GETTING_PLACES: Codes = [
  'event_not_on_sale',
  'limit_exceeded',
  'sold_out',
  'seat_taken',
  'seat_not_found',
  'too_many_attempts',
];

export const REFUSALS_OF_HOLDING: Codes = [
  ...FINDING_THE_SECTION,
  ...GETTING_PLACES,
  'exceeds_capacity',
  'section_not_seated',
];

export const REFUSALS_OF_BOOKING: Codes = [
  ...REFUSALS_OF_HOLDING,
  'already_waiting',
  'waitlist_full',
];

export const REFUSALS_OF_A_SEAT: Codes = GETTING_PLACES;

const REFUSALS_OF_TICKETS: Codes = [
  'booking_not_found',
  'ticket_not_found',
  'quantity_exceeds_booking',
];

export const REFUSALS_OF_CANCELLING: Codes = [
  ...FINDING_THE_SECTION,
  ...REFUSALS_OF_TICKETS,
  'too_many_attempts',
];
export const REFUSALS_OF_CANCELLING_A_BOOKING: Codes = REFUSALS_OF_TICKETS;
