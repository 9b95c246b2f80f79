import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AllocationModule } from '../allocation/index.js';
import { BookingsModule } from '../bookings/index.js';
import { BookedSeatEntity } from './booked-seat.entity.js';
import { SeatEntity } from './seat.entity.js';
import { SeatsController } from './seats.controller.js';
import { SeatsQueries } from './seats.queries.js';
import { SeatsService } from './seats.service.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([SeatEntity, BookedSeatEntity]),
    AllocationModule,
    BookingsModule,
  ],
  controllers: [SeatsController],
  providers: [SeatsService, SeatsQueries],
})
export class SeatsModule {}
