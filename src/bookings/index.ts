export { BookingEngine } from './booking-engine.js';
export { BookingsModule } from './bookings.module.js';
