export { Line, type LineChanges, type WaitingEntry } from './core/line.js';
export { WaitlistModule } from './waitlist.module.js';
export { WaitlistRepository } from './waitlist.repository.js';
