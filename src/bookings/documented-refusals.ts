/** To find the section that is meant. */
const WHERE = ['event_not_found', 'section_not_found', 'section_required'] as const;

/** To be given places, by whatever address. */
const PLACES = [
  'event_not_on_sale',
  'limit_exceeded',
  'sold_out',
  'seat_taken',
  'seat_not_found',
  'too_many_attempts',
];

export const REFUSALS_OF_HOLDING: readonly string[] = [
  ...WHERE,
  ...PLACES,
  'exceeds_capacity',
  'section_not_seated',
];

export const REFUSALS_OF_BOOKING: readonly string[] = [
  ...REFUSALS_OF_HOLDING,
  'already_waiting',
  'waitlist_full',
];

export const REFUSALS_OF_A_SEAT: readonly string[] = PLACES;

const REFUSALS_OF_TICKETS = ['booking_not_found', 'ticket_not_found', 'quantity_exceeds_booking'];

export const REFUSALS_OF_CANCELLING: readonly string[] = [...WHERE, ...REFUSALS_OF_TICKETS];
export const REFUSALS_OF_CANCELLING_A_BOOKING: readonly string[] = REFUSALS_OF_TICKETS;
