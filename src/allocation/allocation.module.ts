import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { UsersModule } from '../users/index.js';
import { AllocationService } from './allocation.service.js';
import { AllocationEngine } from './engine/allocation-engine.js';
import { BatchLoader } from './engine/batch-loader.js';
import { BatchWriter } from './engine/batch-writer.js';
import { CrossSectionLocks } from './engine/cross-section-locks.js';
import { PersonAllocationsLoader } from './engine/person-allocations-loader.js';
import { SectionStateLoader } from './engine/section-state-loader.js';
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
    AllocationService,
    AllocationEngine,
    BatchLoader,
    SectionStateLoader,
    PersonAllocationsLoader,
    CrossSectionLocks,
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
    AllocationService,
    AllocationEngine,
    SectionDirectory,
    SectionFinder,
    SeatsRepository,
    SectionsRepository,
    TotalsQueries,
  ],
})
export class AllocationModule {}
