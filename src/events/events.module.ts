import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { BookingsModule } from '../bookings/index.js';
import { InventoryModule } from '../inventory/index.js';
import { AuditQueries } from './audit.queries.js';
import { CallingOffService } from './calling-off.service.js';
import { EditingService } from './editing.service.js';
import { EventStore } from './event-store.js';
import { EventChange } from './event-change.js';
import { EventEntity } from './event.entity.js';
import { EventsQueries } from './events.queries.js';
import { EventsRepository } from './events.repository.js';
import { FinishingService } from './finishing.service.js';
import { FinishingWorker } from './finishing.worker.js';
import { AuditController } from './http/audit.controller.js';
import { EventsController } from './http/events.controller.js';
import { EventVerbsController } from './http/verbs.controller.js';
import { OpeningService } from './opening.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([EventEntity]), InventoryModule, BookingsModule],
  controllers: [EventVerbsController, EventsController, AuditController],
  providers: [
    OpeningService,
    EditingService,
    CallingOffService,
    FinishingService,
    FinishingWorker,
    EventChange,
    EventStore,
    EventsQueries,
    AuditQueries,
    EventsRepository,
  ],
})
export class EventsModule {}
