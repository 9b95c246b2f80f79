export { BookingEngine, type BookingRequest } from './booking-engine.js';
export { BookingsModule } from './bookings.module.js';
