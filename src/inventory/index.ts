export { LockedSection, type Sales, type SectionRow } from './core/locked-section.js';
export { type SeatChange, Seats } from './core/seats.js';
export { type LaneCommand, Lanes, type LanesOptions } from './lanes.js';
export { InventoryModule } from './inventory.module.js';
export { SectionDirectory } from './section-directory.js';
export { type PeopleAtEvent, placesOf, type PlacesOfPerson } from './people-at-event.js';
export { SeatsRepository, type SeatOfSection } from './seats.repository.js';
export { type NewSection, SectionsRepository } from './sections.repository.js';
