import { Module } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AllocationService } from './allocation.service.js';
import { AllocationEngineModule } from './engine/allocation-engine.module.js';
import { CommandQueue, ENGINE_THREAD } from './queue/command-queue.js';
import { LaneQueue } from './queue/lane-queue.js';
import { SectionDirectory } from './section-directory.js';
import { SectionFinder } from './section-finder.js';
import { SectionEntity } from './storage/section.entity.js';
import { TotalsQueries } from './storage/totals.queries.js';
import { WaitlistCountEntity } from './storage/waitlist-count.entity.js';

/** The way to the engine, and what is needed to name a section. */
@Module({
  imports: [TypeOrmModule.forFeature([SectionEntity, WaitlistCountEntity]), AllocationEngineModule],
  providers: [
    AllocationService,
    {
      provide: CommandQueue,
      inject: [ENGINE_THREAD, ModuleRef],
      useFactory: (thread: CommandQueue | null, here: ModuleRef) =>
        thread ?? here.create(LaneQueue),
    },
    SectionDirectory,
    SectionFinder,
    TotalsQueries,
  ],
  exports: [
    AllocationService,
    CommandQueue,
    AllocationEngineModule,
    SectionDirectory,
    SectionFinder,
    TotalsQueries,
  ],
})
export class AllocationModule {}
