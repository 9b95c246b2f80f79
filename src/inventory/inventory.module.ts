import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { SectionDirectory } from './section-directory.js';
import { SeatEntity } from './seat.entity.js';
import { SectionEntity } from './section.entity.js';
import { SeatsRepository } from './seats.repository.js';
import { SectionsRepository } from './sections.repository.js';
import { TotalsQueries } from './totals.queries.js';

@Module({
  imports: [TypeOrmModule.forFeature([SectionEntity, SeatEntity])],
  providers: [SectionsRepository, SeatsRepository, SectionDirectory, TotalsQueries],
  exports: [SectionsRepository, SeatsRepository, SectionDirectory, TotalsQueries],
})
export class InventoryModule {}
