import { DEFAULT_RULES, type SectionRules } from '../allocation/index.js';
import type { Moment } from '../platform/database/index.js';
import { invalidField, type RequestContext } from '../platform/http/index.js';
import type { OpenRequest } from './dto/create-event.dto.js';
import type { NewEvent } from './events.repository.js';
import { makeSections, type NewSections, type WantedSection } from './new-sections.js';

/** The section of an event that is created without sections. */
const DEFAULT_SECTION = 'General Admission';

export const FIRST_VERSION = 1;

export interface NewEventRows extends NewSections {
  readonly event: NewEvent;
}

/** @throws {DomainError} `invalid_request` for fields that are invalid only together */
export function rowsOfNewEvent(
  body: OpenRequest,
  { organiserId }: Pick<RequestContext, 'organiserId'>,
  { now, newId }: Moment,
): NewEventRows {
  const id = newId();
  const startsAt = timeOf(body.startsAt);
  const endsAt = timeOf(body.endsAt);
  refuseEndBeforeStart(startsAt, endsAt);
  const status = body.status ?? 'PUBLISHED';
  const made = makeSections(wantedSections(body), {
    eventId: id,
    organiserId,
    firstSectionId: null,
    sales: status === 'PUBLISHED' ? 'OPEN' : 'CLOSED',
    rules: { ...DEFAULT_RULES, ...rulesOf(body) },
    createdAt: now,
    newId,
  });
  const { name, description = null, venue = null } = body;
  const details = { name, description, venue, startsAt, endsAt };
  const publishedAt = status === 'PUBLISHED' ? now : null;
  const event = { id, organiserId, ...details, status, version: FIRST_VERSION, publishedAt, now };
  return { event, ...made };
}

export const timeOf = (text: string | null | undefined): Date | null =>
  typeof text === 'string' ? new Date(text) : null;

export function refuseEndBeforeStart(startsAt: Date | null, endsAt: Date | null): void {
  if (startsAt === null || endsAt === null || endsAt > startsAt) return;
  throw invalidField('/endsAt', 'must be later than startsAt');
}

function wantedSections({ totalTickets, sections }: OpenRequest): readonly WantedSection[] {
  if (totalTickets === undefined && sections === undefined) {
    throw invalidField('/totalTickets', 'is required unless sections is given');
  }
  if (totalTickets !== undefined && sections !== undefined) {
    throw invalidField('/totalTickets', 'cannot be combined with sections');
  }
  const wanted = sections ?? [{ name: DEFAULT_SECTION, capacity: totalTickets! }];
  return wanted.map((section, nth) => ({ section, pointer: `/sections/${nth}` }));
}

/** The settings that a request names; null means no limit. */
export function rulesOf({
  limits = {},
  waitlist = {},
}: Pick<OpenRequest, 'limits' | 'waitlist'>): Partial<SectionRules> {
  const named = {
    maxPerBooking: limits.maxPerBooking,
    maxPerPerson: limits.maxPerPerson,
    waitlistEnabled: waitlist.enabled,
    waitlistMax: waitlist.maxSize,
    fit: waitlist.fit,
    mode: waitlist.mode,
    offerTtlSeconds: waitlist.offerTtlSeconds,
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
}
