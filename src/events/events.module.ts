import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { InventoryModule } from '../inventory/index.js';
import { EventEntity } from './event.entity.js';
import { EventsController } from './events.controller.js';
import { EventsQueries } from './events.queries.js';
import { EventsRepository } from './events.repository.js';
import { EventsService } from './events.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([EventEntity]), InventoryModule],
  controllers: [EventsController],
  providers: [EventsService, EventsQueries, EventsRepository],
})
export class EventsModule {}
