import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AllocationModule } from '../allocation/index.js';
import { UsersModule } from '../users/index.js';
import { BookingEntity } from './booking.entity.js';
import { BookingsController } from './bookings.controller.js';
import { BookingsQueries } from './bookings.queries.js';
import { BookingsService } from './bookings.service.js';
import { ListBookingsService } from './list-bookings.service.js';
import { PersonAttemptLimiter } from './person-attempt-limiter.js';
import { TicketEntity } from './ticket.entity.js';
import { UnversionedBookingsController } from './unversioned-bookings.controller.js';

@Module({
  imports: [TypeOrmModule.forFeature([BookingEntity, TicketEntity]), AllocationModule, UsersModule],
  controllers: [UnversionedBookingsController, BookingsController],
  providers: [BookingsService, ListBookingsService, BookingsQueries, PersonAttemptLimiter],
  exports: [PersonAttemptLimiter],
})
export class BookingsModule {}
