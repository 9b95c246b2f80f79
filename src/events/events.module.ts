import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AllocationModule } from '../allocation/index.js';
import { AuditQueries } from './audit.queries.js';
import { CallingOffService } from './cancel-event.service.js';
import { EditingService } from './edit-event.service.js';
import { EventStore } from './event-store.js';
import { EventChange } from './event-change.js';
import { EventEntity } from './event.entity.js';
import { EventsQueries } from './events.queries.js';
import { EventsRepository } from './events.repository.js';
import { FinishingService } from './completion.service.js';
import { FinishingWorker } from './completion.worker.js';
import { AuditController } from './audit.controller.js';
import { EventsController } from './events.controller.js';
import { EventVerbsController } from './unversioned-events.controller.js';
import { OpeningService } from './create-event.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([EventEntity]), AllocationModule],
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
