import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { UsersModule } from '../users/index.js';
import { CommandLanes } from './allocation.service.js';
import { BookingEngine } from './engine/allocation-engine.js';
import { BatchLoader } from './engine/batch-loader.js';
import { BatchWriter } from './engine/batch-writer.js';
import { LimitLocks } from './engine/cross-section-locks.js';
import { ClaimsLoader } from './engine/person-allocations-loader.js';
import { KnownLoader } from './engine/section-state-loader.js';
import { SectionDirectory } from './section-directory.js';
import { SectionFinder } from './section-finder.js';
import { BookingsRepository } from './storage/bookings.repository.js';
import { HoldsRepository } from './storage/holds.repository.js';
import { SeatsRepository } from './storage/seats.repository.js';
import { SectionEntity } from './storage/section.entity.js';
import { SectionsRepository } from './storage/sections.repository.js';
import { TotalsQueries } from './storage/totals.queries.js';
import { WaitlistRepository } from './storage/waitlist.repository.js';

/** What this project exists for: deciding under a section's lock who gets which places. */
@Module({
  imports: [TypeOrmModule.forFeature([SectionEntity]), UsersModule],
  providers: [
    CommandLanes,
    BookingEngine,
    BatchLoader,
    KnownLoader,
    ClaimsLoader,
    LimitLocks,
    BatchWriter,
    SectionDirectory,
    SectionFinder,
    BookingsRepository,
    HoldsRepository,
    SeatsRepository,
    SectionsRepository,
    WaitlistRepository,
    TotalsQueries,
  ],
  exports: [
    CommandLanes,
    BookingEngine,
    SectionDirectory,
    SectionFinder,
    SeatsRepository,
    SectionsRepository,
    TotalsQueries,
  ],
})
export class AllocationModule {}
