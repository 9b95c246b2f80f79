import { Injectable } from '@nestjs/common';
import { DomainError, type ProblemCode } from '../platform/errors/index.js';
import { SectionDirectory } from './section-directory.js';
import type { EventOfOrganiser } from './storage/sections.repository.js';

/** An event, and one of its sections if the request names one. */
interface SectionReference {
  readonly eventId: string;
  readonly sectionId?: string | undefined;
}

type Owner = Pick<EventOfOrganiser, 'organiserId'>;

/** Finds the section that a request is about. The command checks it again under the section's lock. */
@Injectable()
export class SectionFinder {
  constructor(private readonly directory: SectionDirectory) {}

  /** Whom a request about this event acts for; see {@link SectionDirectory.actingFor}. */
  actingFor<Someone extends Owner>(owner: Someone, eventId: string): Promise<Someone> {
    return this.directory.actingFor(owner, eventId);
  }

  /**
   * The section that is named, or the only one of the event.
   *
   * @throws {DomainError} `event_not_found`, `section_required`, `section_not_found`
   */
  async findSection(
    { eventId, sectionId }: SectionReference,
    { organiserId }: Owner,
  ): Promise<string> {
    const event = { organiserId, eventId };
    const sections = await this.directory.sectionsOf(event);
    const [only] = sections;
    if (only === undefined) throw new DomainError('event_not_found');
    if (sectionId === undefined) {
      if (sections.length > 1) throw new DomainError('section_required');
      return only;
    }
    const isThere = await this.directory.has(event, sectionId);
    if (!isThere) throw new DomainError('section_not_found');
    return sectionId;
  }

  /**
   * The section that is named, or all sections of the event in the order of their ids.
   *
   * @throws {DomainError} `event_not_found`, `section_not_found`
   */
  async findSections(reference: SectionReference, owner: Owner): Promise<readonly string[]> {
    if (reference.sectionId !== undefined) return [await this.findSection(reference, owner)];
    const { eventId } = reference;
    const sections = await this.directory.sectionsNow({ organiserId: owner.organiserId, eventId });
    if (sections.length === 0) throw new DomainError('event_not_found');
    return sections;
  }

  /**
   * A row that was found, of an event that this organiser reaches.
   *
   * @throws {DomainError} with that code if there is no row, or its event is another organiser's
   */
  async requireOwn<Row extends { readonly eventId: string }>(
    row: Row | undefined,
    owner: Owner,
    notFound: ProblemCode,
  ): Promise<Row> {
    if (row === undefined) throw new DomainError(notFound);
    const { eventId } = row;
    const { organiserId } = await this.directory.actingFor(owner, eventId);
    const sections = await this.directory.sectionsOf({ organiserId, eventId });
    if (sections.length === 0) throw new DomainError(notFound);
    return row;
  }
}
