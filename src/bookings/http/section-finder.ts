import { Injectable } from '@nestjs/common';
import { SectionDirectory } from '../../inventory/index.js';
import { eventNotFound, sectionNotFound, sectionRequired } from './refusal-error.js';

/** Finds the section whose lock a request needs: the command itself looks under it again. */
@Injectable()
export class SectionFinder {
  constructor(private readonly directory: SectionDirectory) {}

  /**
   * The section of an event that is meant: the one that is named, or the only one.
   *
   * @throws {DomainError} `event_not_found`, `section_required`, `section_not_found`
   */
  async sectionAt(place: { eventId: string; sectionId?: string | undefined }): Promise<string> {
    const { eventId, sectionId } = place;
    const sections = await this.directory.sectionsOf(eventId);
    const [only] = sections;
    if (only === undefined) throw eventNotFound();
    if (sectionId === undefined) {
      if (sections.length > 1) throw sectionRequired();
      return only;
    }
    if (!(await this.directory.has(eventId, sectionId))) throw sectionNotFound();
    return sectionId;
  }

  /**
   * The sections of an event that are meant: the one that is named, or all, by their ids.
   *
   * @throws {DomainError} `event_not_found`, `section_not_found`
   */
  async sectionsAt(place: {
    eventId: string;
    sectionId: string | undefined;
  }): Promise<readonly string[]> {
    if (place.sectionId !== undefined) return [await this.sectionAt(place)];
    const sections = await this.directory.sectionsNow(place.eventId);
    if (sections.length === 0) throw eventNotFound();
    return sections;
  }
}
