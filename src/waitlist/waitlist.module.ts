import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { WaitlistEntryEntity } from './waitlist-entry.entity.js';
import { WaitlistRepository } from './waitlist.repository.js';

@Module({
  imports: [TypeOrmModule.forFeature([WaitlistEntryEntity])],
  providers: [WaitlistRepository],
  exports: [WaitlistRepository],
})
export class WaitlistModule {}
