import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { InventoryModule } from '../inventory/index.js';
import { UsersModule } from '../users/index.js';
import { WaitlistModule } from '../waitlist/index.js';
import { Attempts } from './http/attempts.js';
import { BatchLoader } from './engine/batch-loader.js';
import { BatchWriter } from './engine/batch-writer.js';
import { BookingEngine } from './engine/booking-engine.js';
import { BookedSeatEntity } from './storage/booked-seat.entity.js';
import { BookingEntity } from './storage/booking.entity.js';
import { BookingsController } from './http/bookings.controller.js';
import { BookingsQueries } from './http/bookings.queries.js';
import { BookingsService } from './http/bookings.service.js';
import { HoldsController } from './http/holds.controller.js';
import { HoldsQueries } from './http/holds.queries.js';
import { HoldsService } from './http/holds.service.js';
import { SeatsController } from './http/seats.controller.js';
import { SeatsQueries } from './http/seats.queries.js';
import { SeatsService } from './http/seats.service.js';
import { ExpirySweeper } from './workers/expiry-sweeper.js';
import { WaitlistController } from './http/waitlist.controller.js';
import { WaitlistQueries } from './http/waitlist.queries.js';
import { WaitlistService } from './http/waitlist.service.js';
import { VerbsController } from './http/verbs.controller.js';
import { BookingsRepository } from './storage/bookings.repository.js';
import { CommandLanes } from './engine/command-lanes.js';
import { LimitLocks } from './engine/limit-locks.js';
import { SectionFinder } from './http/section-finder.js';
import { VerbsService } from './http/verbs.service.js';
import { ClaimsLoader } from './engine/claims-loader.js';
import { HoldEntity } from './storage/hold.entity.js';
import { HoldsRepository } from './storage/holds.repository.js';
import { KnownLoader } from './engine/known-loader.js';
import { TicketEntity } from './storage/ticket.entity.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([BookingEntity, TicketEntity, HoldEntity, BookedSeatEntity]),
    UsersModule,
    InventoryModule,
    WaitlistModule,
  ],
  controllers: [
    VerbsController,
    BookingsController,
    HoldsController,
    SeatsController,
    WaitlistController,
  ],
  providers: [
    VerbsService,
    BookingsService,
    BookingsQueries,
    HoldsService,
    HoldsQueries,
    SeatsService,
    SeatsQueries,
    WaitlistService,
    WaitlistQueries,
    ExpirySweeper,
    SectionFinder,
    Attempts,
    CommandLanes,
    LimitLocks,
    BookingEngine,
    BatchLoader,
    KnownLoader,
    ClaimsLoader,
    BatchWriter,
    BookingsRepository,
    HoldsRepository,
  ],
  exports: [BookingEngine, CommandLanes],
})
export class BookingsModule {}
