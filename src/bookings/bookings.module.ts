import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AllocationModule } from '../allocation/index.js';
import { UsersModule } from '../users/index.js';
import { BookingEntity } from './booking.entity.js';
import { BookingsController } from './bookings.controller.js';
import { BookingsQueries } from './bookings.queries.js';
import { BookingsService } from './bookings.service.js';
import { Attempts } from './person-attempt-limiter.js';
import { TicketEntity } from './ticket.entity.js';
import { VerbsController } from './unversioned-bookings.controller.js';
import { VerbsService } from './unversioned-bookings.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([BookingEntity, TicketEntity]), AllocationModule, UsersModule],
  controllers: [VerbsController, BookingsController],
  providers: [VerbsService, BookingsService, BookingsQueries, Attempts],
  exports: [Attempts],
})
export class BookingsModule {}
