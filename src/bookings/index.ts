export { BookingEngine } from './engine/booking-engine.js';
export type { BookingRequest, Settled } from './engine/booking-request.js';
export { CommandLanes } from './engine/command-lanes.js';
export type { CommandTally } from './engine/command-tally.js';
export type { Outcome } from './core/outcomes.js';
export { BookingsModule } from './bookings.module.js';
export { eventNotFound, refusalError, sectionNotFound } from './http/refusal-error.js';
