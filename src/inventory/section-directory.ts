import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Reads } from '../platform/index.js';

/** Events remembered: about 20 MB at the most. */
const EVENTS_MAX = 100_000;

/** How long another instance may not notice that an event got a section. */
const REMEMBERED_MS = 10_000;

/**
 * Which sections an event has. A booking names its event but locks its section, so this is asked
 * before every transaction. It is remembered: a section never moves to another event and never goes
 * away. Sections may be added; who names one that is not remembered is looked up again.
 */
@Injectable()
export class SectionDirectory {
  private readonly sections: LRUCache<string, readonly string[]>;

  constructor(reads: Reads) {
    this.sections = new LRUCache<string, readonly string[]>({
      max: EVENTS_MAX,
      ttl: REMEMBERED_MS,
      fetchMethod: async (eventId) => {
        const rows = await reads.query<{ id: string }>(
          'SELECT id FROM sections WHERE event_id = ? ORDER BY id',
          [eventId],
        );
        // undefined is not remembered: an event that is unknown now may be opened in a moment.
        return rows.length === 0 ? undefined : rows.map((row) => row.id);
      },
    });
  }

  /** @returns the ids of the event's sections; none if there is no such event */
  async sectionsOf(eventId: string): Promise<readonly string[]> {
    return (await this.sections.fetch(eventId)) ?? [];
  }

  async has(eventId: string, sectionId: string): Promise<boolean> {
    if ((await this.sectionsOf(eventId)).includes(sectionId)) return true;
    const now = await this.sections.fetch(eventId, { forceRefresh: true });
    return now?.includes(sectionId) ?? false;
  }

  /** The event has got a section. */
  forget(eventId: string): void {
    this.sections.delete(eventId);
  }
}
