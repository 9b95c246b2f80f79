import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { CONFIG, type Config } from '../platform/config/index.js';
import { DatabaseReader } from '../platform/database/index.js';
import type { EventOfOrganiser } from './storage/sections.repository.js';

/** Events remembered: about 20 MB at most. */
const EVENTS_MAX = 100_000;

/** For this long, other instances may not know a section that was added. */
const REMEMBERED_MS = 10_000;

interface SectionOfEvent {
  readonly id: string;
  readonly organiserId: string;
}

/** Concurrent callers share one read. */
interface SectionsRead {
  readonly promise: Promise<readonly SectionOfEvent[]>;
  /** Once they have been read. */
  sections: readonly SectionOfEvent[] | undefined;
}

/**
 * Which sections an event has. Requests name an event but lock a section, so this is needed before
 * every transaction. It is cached: a section is never removed and never moves to another event. Sections
 * may be added, so an unknown one causes a new read.
 */
@Injectable()
export class SectionDirectory {
  private readonly cache = new LRUCache<string, SectionsRead>({
    max: EVENTS_MAX,
    ttl: REMEMBERED_MS,
  });

  constructor(
    private readonly reads: DatabaseReader,
    @Inject(CONFIG) private readonly config: Pick<Config, 'AUTH_MODE'>,
  ) {}

  /**
   * Without API keys, everybody acts for the organiser of the event: they reach all events, and a customer
   * of that organiser stays the same customer.
   */
  async actingFor<Owner extends Pick<EventOfOrganiser, 'organiserId'>>(
    owner: Owner,
    eventId: string,
  ): Promise<Owner> {
    if (this.config.AUTH_MODE === 'keys') return owner;
    const [section] = await this.cached(eventId);
    const isOwn = section === undefined || section.organiserId === owner.organiserId;
    return isOwn ? owner : { ...owner, organiserId: section.organiserId };
  }

  /** @returns ids of the event's sections; none if the organiser has no such event */
  async sectionsOf({ organiserId, eventId }: EventOfOrganiser): Promise<readonly string[]> {
    const sections = await this.cached(eventId);
    return sections.filter((section) => section.organiserId === organiserId).map(({ id }) => id);
  }

  /** As `sectionsOf`, with sections that were added a moment ago. */
  sectionsNow(event: EventOfOrganiser): Promise<readonly string[]> {
    this.forget(event.eventId);
    return this.sectionsOf(event);
  }

  /** The ids of all sections of an event as they are now, of any organiser. */
  async allNow(eventId: string): Promise<readonly string[]> {
    this.forget(eventId);
    return (await this.cached(eventId)).map(({ id }) => id);
  }

  async has(event: EventOfOrganiser, sectionId: string): Promise<boolean> {
    if ((await this.sectionsOf(event)).includes(sectionId)) return true;
    this.forget(event.eventId);
    return (await this.sectionsOf(event)).includes(sectionId);
  }

  /**
   * Names the queue of requests for a section: the same with and without the section's id, if the event has no
   * other section. Reads nothing.
   */
  queueOf(eventId: string, sectionId: string | undefined): string {
    if (sectionId === undefined) return eventId;
    const known = this.cache.peek(eventId, { allowStale: true })?.sections;
    return known?.length === 1 ? eventId : eventId + sectionId;
  }

  /** To be called when sections are added to the event. */
  forget(eventId: string): void {
    this.cache.delete(eventId);
  }

  private cached(eventId: string): Promise<readonly SectionOfEvent[]> {
    const cached = this.cache.get(eventId);
    if (cached !== undefined) return cached.promise;
    const read: SectionsRead = {
      promise: this.read(eventId).then((sections) => (read.sections = sections)),
      sections: undefined,
    };
    this.cache.set(eventId, read);
    // An event that does not exist now may be created in a moment.
    const forgetUnless = (exists: boolean): void => {
      if (!exists && this.cache.peek(eventId) === read) this.forget(eventId);
    };
    read.promise.then(
      (sections) => forgetUnless(sections.length > 0),
      () => forgetUnless(false),
    );
    return read.promise;
  }

  private read(eventId: string): Promise<readonly SectionOfEvent[]> {
    return this.reads.query<SectionOfEvent>(
      'SELECT id, organiser_id AS organiserId FROM sections WHERE event_id = ? ORDER BY id',
      [eventId],
    );
  }
}
