import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { SectionDirectory } from './section-directory.js';
import { SectionEntity } from './section.entity.js';
import { SectionsRepository } from './sections.repository.js';

@Module({
  imports: [TypeOrmModule.forFeature([SectionEntity])],
  providers: [SectionsRepository, SectionDirectory],
  exports: [SectionsRepository, SectionDirectory],
})
export class InventoryModule {}
