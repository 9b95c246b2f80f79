import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { InventoryModule } from '../inventory/index.js';
import { UsersModule } from '../users/index.js';
import { WaitlistModule } from '../waitlist/index.js';
import { BatchLoader } from './batch-loader.js';
import { BatchWriter } from './batch-writer.js';
import { BookingEngine } from './booking-engine.js';
import { BookedSeatEntity } from './booked-seat.entity.js';
import { BookingEntity } from './booking.entity.js';
import { BookingsController } from './bookings.controller.js';
import { BookingsRepository } from './bookings.repository.js';
import { BookingsService } from './bookings.service.js';
import { ClaimsLoader } from './claims-loader.js';
import { HoldEntity } from './hold.entity.js';
import { HoldsRepository } from './holds.repository.js';
import { KnownLoader } from './known-loader.js';
import { TicketEntity } from './ticket.entity.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([BookingEntity, TicketEntity, HoldEntity, BookedSeatEntity]),
    UsersModule,
    InventoryModule,
    WaitlistModule,
  ],
  controllers: [BookingsController],
  providers: [
    BookingsService,
    BookingEngine,
    BatchLoader,
    KnownLoader,
    ClaimsLoader,
    BatchWriter,
    BookingsRepository,
    HoldsRepository,
  ],
  exports: [BookingEngine],
})
export class BookingsModule {}
