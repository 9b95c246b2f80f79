export type { EntryStatus, KnownEntry, WaitingEntry } from './core/entry.js';
export { Line, type LineChanges } from './core/line.js';
export { type LineWindow, windowsBySize } from './core/line-window.js';
export { WaitlistModule } from './waitlist.module.js';
export { WaitlistRepository, type WindowWanted } from './waitlist.repository.js';
