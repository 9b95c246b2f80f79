export { BookingEngine } from './engine/booking-engine.js';
export { BookingsModule } from './bookings.module.js';
