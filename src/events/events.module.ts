import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { InventoryModule } from '../inventory/index.js';
import { AuditController } from './audit.controller.js';
import { AuditQueries } from './audit.queries.js';
import { EventEntity } from './event.entity.js';
import { EventsController } from './events.controller.js';
import { EventsQueries } from './events.queries.js';
import { EventsRepository } from './events.repository.js';
import { EventsService } from './events.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([EventEntity]), InventoryModule],
  controllers: [EventsController, AuditController],
  providers: [EventsService, EventsQueries, EventsRepository, AuditQueries],
})
export class EventsModule {}
