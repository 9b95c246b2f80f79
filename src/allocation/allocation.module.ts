import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { UsersModule } from '../users/index.js';
import { AllocationService } from './allocation.service.js';
import { AllocationEngine } from './engine/allocation-engine.js';
import { BatchLock } from './engine/batch-lock.js';
import { BatchWriter } from './engine/batch-writer.js';
import { SectionStateLoader } from './engine/section-state-loader.js';
import { SectionDirectory } from './section-directory.js';
import { SectionFinder } from './section-finder.js';
import { BookingsRepository } from './storage/bookings.repository.js';
import { HoldsRepository } from './storage/holds.repository.js';
import { PersonAllocationsRepository } from './storage/person-allocations.repository.js';
import { SeatsRepository } from './storage/seats.repository.js';
import { SectionEntity } from './storage/section.entity.js';
import { SectionsRepository } from './storage/sections.repository.js';
import { TotalsQueries } from './storage/totals.queries.js';
import { WaitlistCountEntity } from './storage/waitlist-count.entity.js';
import { WaitlistRepository } from './storage/waitlist.repository.js';

/** Decides who gets which places, under the lock of the section. */
@Module({
  imports: [TypeOrmModule.forFeature([SectionEntity, WaitlistCountEntity]), UsersModule],
  providers: [
    AllocationService,
    AllocationEngine,
    BatchLock,
    SectionStateLoader,
    BatchWriter,
    SectionDirectory,
    SectionFinder,
    BookingsRepository,
    HoldsRepository,
    PersonAllocationsRepository,
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
