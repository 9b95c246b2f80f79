import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AllocationModule } from '../allocation/index.js';
import { UsersModule } from '../users/index.js';
import { WaitlistEntryEntity } from './waitlist-entry.entity.js';
import { WaitlistController } from './waitlist.controller.js';
import { WaitlistQueries } from './waitlist.queries.js';
import { WaitlistService } from './waitlist.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([WaitlistEntryEntity]), AllocationModule, UsersModule],
  controllers: [WaitlistController],
  providers: [WaitlistService, WaitlistQueries],
})
export class WaitlistModule {}
