export {
  BookingMadeResponse,
  NumberedSeatResponse,
  TicketResponse,
  WithPromoted,
} from './bookings.dto.js';
export { BookingsModule } from './bookings.module.js';
export { REFUSALS_OF_A_SEAT, REFUSALS_OF_HOLDING } from './documented-refusals.js';
export {
  bookingPath,
  expectOutcome,
  refusalCodeOf,
  toBookingMade,
  toIso,
  toPromoted,
  toTickets,
} from './outcomes.mappers.js';
export { FixedPriceResponse } from './price.dto.js';
export { PersonAttemptLimiter } from './person-attempt-limiter.js';
export {
  IsIdsOf,
  PersonAtEvent,
  personOf,
  PersonPageQuery,
  PersonRequest,
  placesWanted,
  WithQuantity,
} from './request-fields.js';
