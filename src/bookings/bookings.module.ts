import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { InventoryModule } from '../inventory/index.js';
import { UsersModule } from '../users/index.js';
import { WaitlistModule } from '../waitlist/index.js';
import { BatchLoader } from './batch-loader.js';
import { BatchWriter } from './batch-writer.js';
import { BookingEngine } from './booking-engine.js';
import { BookingEntity } from './booking.entity.js';
import { BookingsController } from './bookings.controller.js';
import { BookingsRepository } from './bookings.repository.js';
import { BookingsService } from './bookings.service.js';
import { TicketEntity } from './ticket.entity.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([BookingEntity, TicketEntity]),
    UsersModule,
    InventoryModule,
    WaitlistModule,
  ],
  controllers: [BookingsController],
  providers: [BookingsService, BookingEngine, BatchLoader, BatchWriter, BookingsRepository],
  exports: [BookingEngine],
})
export class BookingsModule {}
