import { Module } from '@nestjs/common';
import { UsersRepository } from '../../users/index.js';
import { BookingsRepository } from '../storage/bookings.repository.js';
import { HoldsRepository } from '../storage/holds.repository.js';
import { PersonAllocationsRepository } from '../storage/person-allocations.repository.js';
import { SeatsRepository } from '../storage/seats.repository.js';
import { SectionsRepository } from '../storage/sections.repository.js';
import { WaitlistRepository } from '../storage/waitlist.repository.js';
import { AllocationEngine } from './allocation-engine.js';
import { BatchLock } from './batch-lock.js';
import { BatchWriter } from './batch-writer.js';
import { SectionStateLoader } from './section-state-loader.js';

/** Decides who gets which places, under the lock of the section: all that a thread needs for it. */
@Module({
  providers: [
    AllocationEngine,
    BatchLock,
    SectionStateLoader,
    BatchWriter,
    UsersRepository,
    BookingsRepository,
    HoldsRepository,
    PersonAllocationsRepository,
    SeatsRepository,
    SectionsRepository,
    WaitlistRepository,
  ],
  exports: [AllocationEngine, SeatsRepository, SectionsRepository, UsersRepository],
})
export class AllocationEngineModule {}
