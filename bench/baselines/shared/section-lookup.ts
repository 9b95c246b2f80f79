import { Injectable, NotFoundException } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { Section } from './entities.js';

/** Caches each event's section id, which never changes, as the service does. */
@Injectable()
export class SectionLookup {
  private readonly known = new Map<string, string>();

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async idOf(eventId: string): Promise<string> {
    const known = this.known.get(eventId);
    if (known !== undefined) return known;
    const section = await this.dataSource.getRepository(Section).findOneBy({ eventId });
    if (section === null) throw new NotFoundException('Unknown event.');
    this.known.set(eventId, section.id);
    return section.id;
  }
}
