export { AllocationModule } from './allocation.module.js';
export { AllocationService } from './allocation.service.js';
export type { BookingTarget, CancelTarget, EntryCommand, OnSoldOut } from './core/commands.js';
export type { Outcome, OutcomeOf, PrintedTicket, Promotion } from './core/outcomes.js';
export type { Hold } from './core/state/holds.js';
export { type Price, priceOfPlaces } from './core/state/price.js';
export type { SeatStatus } from './core/state/seats.js';
export type { Booking } from './core/state/section-bookings.js';
export {
  DEFAULT_RULES,
  type Fit,
  type SectionRules,
  type WaitlistMode,
} from './core/state/section-rules.js';
export type { EntryStatus } from './core/waitlist/waitlist-entry.js';
export { AllocationEngine } from './engine/allocation-engine.js';
export { engineOn } from './engine/engine-on.js';
export { CommandCounts } from './engine/command-counts.js';
export type { CommandRequest, CommandResult, WithoutSection } from './engine/command-request.js';
export type { WriteState } from './engine/write-watch.js';
export type { LaneState } from './lanes/lane-statistics.js';
export { CommandQueue, ENGINE_THREAD, type EngineReport } from './queue/command-queue.js';
export { AllocationEngineModule } from './engine/allocation-engine.module.js';
export { LaneQueue } from './queue/lane-queue.js';
export { EngineHost } from './queue/engine-host.js';
export { backlogMetrics, commandMetrics } from './queue/engine-metrics.js';
export { EngineThreadModule } from './queue/engine-thread.module.js';
export { EngineThread } from './queue/engine-thread.js';
export { refusalError } from './refusal-error.js';
export { SectionDirectory } from './section-directory.js';
export { SectionFinder } from './section-finder.js';
export type { StoredHold } from './storage/holds.repository.js';
export { selectPrice, type StoredPrice, toPrice, withPrice } from './storage/price-columns.js';
export { type NewSeat, SeatsRepository } from './storage/seats.repository.js';
export {
  type EventOfOrganiser,
  type NewSection,
  SectionsRepository,
} from './storage/sections.repository.js';
export { saveCounters, type SectionCounters } from './storage/section-counters.js';
export { SEQS_PER_BLOCK } from './storage/waitlist-counts.js';
export { type Totals, TotalsQueries } from './storage/totals.queries.js';
