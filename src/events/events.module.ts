import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AllocationModule } from '../allocation/index.js';
import { AuditQueries } from './audit.queries.js';
import { CancelEventService } from './cancel-event.service.js';
import { EditEventService } from './edit-event.service.js';
import { EventStore } from './event-store.js';
import { EventChange } from './event-change.js';
import { EventEntity } from './event.entity.js';
import { EventStatusQueries } from './event-status.queries.js';
import { RequestCompletion } from './request-completion.js';
import { UnfinishedEventsQueries } from './unfinished-events.queries.js';
import { EventsQueries } from './events.queries.js';
import { EventsRepository } from './events.repository.js';
import { CompletionService } from './completion.service.js';
import { CompletionWorker } from './completion.worker.js';
import { AuditController } from './audit.controller.js';
import { EventsController } from './events.controller.js';
import { HistoryController } from './history.controller.js';
import { HistoryQueries } from './history.queries.js';
import { UnversionedEventsController } from './unversioned-events.controller.js';
import { CreateEventService } from './create-event.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([EventEntity]), AllocationModule],
  controllers: [UnversionedEventsController, EventsController, AuditController, HistoryController],
  providers: [
    CreateEventService,
    EditEventService,
    CancelEventService,
    CompletionService,
    RequestCompletion,
    CompletionWorker,
    EventChange,
    EventStore,
    EventsQueries,
    EventStatusQueries,
    UnfinishedEventsQueries,
    AuditQueries,
    HistoryQueries,
    EventsRepository,
  ],
})
export class EventsModule {}
