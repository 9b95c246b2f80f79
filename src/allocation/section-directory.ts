import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { DatabaseReader } from '../platform/database/index.js';

/** Events remembered: about 20 MB at the most. */
const EVENTS_MAX = 100_000;

/** How long another instance may not notice that an event got a section. */
const REMEMBERED_MS = 10_000;

/** An event, as somebody asks for it: another organiser's is not there for him. */
export interface EventOfOrganiser {
  readonly organiserId: string;
  readonly eventId: string;
}

interface SectionOfEvent {
  readonly id: string;
  readonly organiserId: string;
}

/**
 * Which sections an event has. A booking names its event but locks its section, so this is asked
 * before every transaction. It is remembered: a section never moves to another event and never goes
 * away. Sections may be added; who names one that is not remembered is looked up again.
 */
@Injectable()
export class SectionDirectory {
  /** Promises, so that all who ask at once share one read; who has one keeps it, forgotten or not. */
  private readonly sections = new LRUCache<string, Promise<readonly SectionOfEvent[]>>({
    max: EVENTS_MAX,
    ttl: REMEMBERED_MS,
  });

  constructor(private readonly reads: DatabaseReader) {}

  /** @returns ids of the event's sections; none if there is no such event, or it is another's */
  async sectionsOf({ organiserId, eventId }: EventOfOrganiser): Promise<readonly string[]> {
    const sections = await this.remembered(eventId);
    return sections.filter((one) => one.organiserId === organiserId).map(({ id }) => id);
  }

  /** The same as it is now, for whoever must not leave out a section that was just added. */
  sectionsNow(event: EventOfOrganiser): Promise<readonly string[]> {
    this.forget(event.eventId);
    return this.sectionsOf(event);
  }

  /** The ids of all sections of an event as they are now, whoever's event it is. */
  async allNow(eventId: string): Promise<readonly string[]> {
    this.forget(eventId);
    return (await this.remembered(eventId)).map(({ id }) => id);
  }

  async has(event: EventOfOrganiser, sectionId: string): Promise<boolean> {
    if ((await this.sectionsOf(event)).includes(sectionId)) return true;
    this.forget(event.eventId);
    return (await this.sectionsOf(event)).includes(sectionId);
  }

  /** The event has got a section. */
  forget(eventId: string): void {
    this.sections.delete(eventId);
  }

  private remembered(eventId: string): Promise<readonly SectionOfEvent[]> {
    const remembered = this.sections.get(eventId);
    if (remembered !== undefined) return remembered;
    const read = this.read(eventId);
    this.sections.set(eventId, read);
    // An event that is unknown now may be opened in a moment.
    const forgetUnless = (isKnown: boolean): void => {
      if (!isKnown && this.sections.peek(eventId) === read) this.forget(eventId);
    };
    read.then(
      (sections) => forgetUnless(sections.length > 0),
      () => forgetUnless(false),
    );
    return read;
  }

  private read(eventId: string): Promise<readonly SectionOfEvent[]> {
    return this.reads.query<SectionOfEvent>(
      'SELECT id, organiser_id AS organiserId FROM sections WHERE event_id = ? ORDER BY id',
      [eventId],
    );
  }
}
