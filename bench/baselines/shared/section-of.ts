import { Injectable, NotFoundException } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { Section } from './entities.js';

/** Which section an event has never changes, so each baseline remembers it, as the product does. */
@Injectable()
export class SectionOf {
  private readonly known = new Map<string, string>();

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async event(eventId: string): Promise<string> {
    const known = this.known.get(eventId);
    if (known !== undefined) return known;
    const section = await this.dataSource.getRepository(Section).findOneBy({ eventId });
    if (section === null) throw new NotFoundException('There is no such event.');
    this.known.set(eventId, section.id);
    return section.id;
  }
}
