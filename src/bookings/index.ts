export { BookingMadeResponse, TicketResponse } from './bookings.dto.js';
export { BookingsModule } from './bookings.module.js';
export { REFUSALS_OF_A_SEAT, REFUSALS_OF_HOLDING } from './documented-refusals.js';
export {
  bookingPath,
  expectOutcome,
  refusalCodeOf,
  toBookingMade,
  toIso,
  toTickets,
} from './outcomes.mappers.js';
export { PersonAttemptLimiter } from './person-attempt-limiter.js';
export {
  IsIdentifier,
  IsIds,
  PersonAtEvent,
  personOf,
  PersonRequest,
  placesWanted,
  QUANTITY_MAX,
} from './request-fields.js';
