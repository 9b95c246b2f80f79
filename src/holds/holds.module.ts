import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AllocationModule } from '../allocation/index.js';
import { BookingsModule } from '../bookings/index.js';
import { OverdueSectionsWorker } from './overdue-sections.worker.js';
import { HoldEntity } from './hold.entity.js';
import { HoldsController } from './holds.controller.js';
import { HoldsQueries } from './holds.queries.js';
import { HoldsService } from './holds.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([HoldEntity]), AllocationModule, BookingsModule],
  controllers: [HoldsController],
  providers: [HoldsService, HoldsQueries, OverdueSectionsWorker],
})
export class HoldsModule {}
