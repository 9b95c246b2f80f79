import { Injectable } from '@nestjs/common';
import { type EventOfOrganiser, SectionDirectory } from './section-directory.js';
import { eventNotFound, sectionNotFound, sectionRequired } from './refusal-error.js';

/** Where somebody wants something. */
interface Place {
  readonly eventId: string;
  readonly sectionId?: string | undefined;
}

/** Who wants it. */
type Owner = Pick<EventOfOrganiser, 'organiserId'>;

/** Finds the section whose lock a request needs: the command itself looks under it again. */
@Injectable()
export class SectionFinder {
  constructor(private readonly directory: SectionDirectory) {}

  /**
   * The section of an event that is meant: the one that is named, or the only one.
   *
   * @throws {DomainError} `event_not_found`, `section_required`, `section_not_found`
   */
  async sectionAt({ eventId, sectionId }: Place, { organiserId }: Owner): Promise<string> {
    const event = { organiserId, eventId };
    const sections = await this.directory.sectionsOf(event);
    const [only] = sections;
    if (only === undefined) throw eventNotFound();
    if (sectionId === undefined) {
      if (sections.length > 1) throw sectionRequired();
      return only;
    }
    if (!(await this.directory.has(event, sectionId))) throw sectionNotFound();
    return sectionId;
  }

  /**
   * The sections of an event that are meant: the one that is named, or all, by their ids.
   *
   * @throws {DomainError} `event_not_found`, `section_not_found`
   */
  async sectionsAt(place: Place, owner: Owner): Promise<readonly string[]> {
    if (place.sectionId !== undefined) return [await this.sectionAt(place, owner)];
    const { eventId } = place;
    const sections = await this.directory.sectionsNow({ organiserId: owner.organiserId, eventId });
    if (sections.length === 0) throw eventNotFound();
    return sections;
  }

  /** A row, unless its event is another organiser's: then it is not there. */
  async own<Row extends { readonly eventId: string }>(
    row: Row | undefined,
    { organiserId }: Owner,
  ): Promise<Row | undefined> {
    if (row === undefined) return undefined;
    const sections = await this.directory.sectionsOf({ organiserId, eventId: row.eventId });
    return sections.length > 0 ? row : undefined;
  }
}
