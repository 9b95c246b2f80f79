export { DEFAULT_RULES } from './core/section-rules.js';
export {
  type Fit,
  LockedSection,
  type Sales,
  type SectionRow,
  type SectionRules,
  type WaitlistMode,
} from './core/locked-section.js';
export { type SeatChange, Seats, type SeatStatus } from './core/seats.js';
export { type LaneCommand, Lanes, type LanesOptions } from './lanes.js';
export { type LaneState, LaneTraffic, type LanesWatch } from './lane-traffic.js';
export { InventoryModule } from './inventory.module.js';
export { type EventOfOrganiser, SectionDirectory } from './section-directory.js';
export {
  atOneMoment,
  type PeopleAtEvent,
  placesOf,
  type PlacesOfPerson,
} from './people-at-event.js';
export { type Totals, TotalsQueries } from './totals.queries.js';
export { type NewSeat, SeatsRepository, type SeatOfSection } from './seats.repository.js';
export { type NewSection, type Price, SectionsRepository } from './sections.repository.js';
