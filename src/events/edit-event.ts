import { type CommandRequest, type NewSection } from '../allocation/index.js';
import type { Moment } from '../platform/database/index.js';
import { DomainError } from '../platform/errors/index.js';
import { invalidField } from '../platform/http/index.js';
import { type Decision, NOTHING_ELSE } from './event-change.js';
import type { EventRow } from './event.mappers.js';
import type { WholeEvent } from './events.repository.js';
import type { EditRequest, SectionEdit } from './dto/edit-event.dto.js';
import { refuseEndBeforeStart, rulesOf, timeOf } from './create-event.js';
import { makeSections, nameAsSeen, type WantedSection } from './new-sections.js';
import { firstSteps } from './stepwise-resize.js';

/** @throws {DomainError} `precondition_failed` unless the header names this version, if there is one */
export function requireMatch(ifMatch: string | undefined, version: number): void {
  if (ifMatch === undefined || ifMatch.trim() === '*') return;
  const versions = ifMatch.split(',').map((tag) => TAG.exec(tag.trim())?.[1]);
  if (versions.includes(String(version))) return;
  throw new DomainError('precondition_failed');
}

export const etagOf = (version: number): string => `"${version}"`;

/**
 * Our tag, also as compressing proxies send it back: weak, or with the name of a coding (`"1-gzip"` from
 * Apache, `"1--gzip"` from Jetty, `"1;gz"` from LiteSpeed), inside or outside of its quotes. Quotes may be missing.
 */
const CODINGS = String.raw`(?:(?:--?|;)(?:x-gzip|gzip|gz|brotli|br|deflate|zstd)){0,3}`;
const TAG = new RegExp(`^(?:W/)?"?(\\d+)${CODINGS}"?${CODINGS}$`, 'i');

/** @throws {DomainError} `event_cancelled`, `section_not_found`, `invalid_request` */
export function editOf(body: EditRequest, current: WholeEvent, { now, newId }: Moment): Decision {
  if (current.event.status === 'CANCELLED') throw new DomainError('event_cancelled');
  refuseConflictingFields(body, current);
  const event = editedEvent(body, current.event, now);
  const edited = editedSections(body, current);
  refuseDuplicateNames(edited.map(({ name }) => name));
  const shared = {
    eventId: event.id,
    organiserId: event.organiserId,
    firstSectionId: current.sections[0]!.id,
    sales: event.status === 'PUBLISHED' ? 'OPEN' : 'CLOSED',
    rules: { ...current.sections[0]!.rules, ...rulesOf(body) },
    createdAt: now,
    newId,
  } as const;
  const existing = { names: edited.map(({ name }) => name), seats: seatsIn(current) };
  const added = makeSections(addedTo(body), shared, existing);
  const { commands, capacitiesWanted } = firstSteps(capacitiesIn(body, current), current.sections);
  return {
    ...NOTHING_ELSE,
    type: 'event.updated',
    event,
    commands: [...configures(body, current), ...commands],
    sectionTexts: edited.filter(isNewText(current)),
    newSections: added.sections,
    newSeats: added.seats,
    capacitiesWanted,
  };
}

const seatsIn = ({ sections }: WholeEvent): number =>
  sections.reduce((sum, { isSeated, capacity }) => sum + (isSeated ? capacity : 0), 0);

/** Capacities that an edit names, by section. */
export function capacitiesIn(
  body: EditRequest,
  { sections }: { readonly sections: readonly { readonly id: string }[] },
): ReadonlyMap<string, number> {
  const { totalTickets } = body;
  const edits = editsIn(body).flatMap(({ id, capacity }): [string, number][] =>
    capacity === undefined ? [] : [[id, capacity]],
  );
  if (totalTickets !== undefined) edits.push([sections[0]!.id, totalTickets]);
  return new Map(edits);
}

function configures(body: EditRequest, { sections }: WholeEvent): CommandRequest[] {
  const rules = rulesOf(body);
  if (Object.keys(rules).length === 0) return [];
  return sections.map(({ id: sectionId }) => ({ kind: 'configure', sectionId, rules }));
}

function editedEvent(body: EditRequest, before: EventRow, now: Date): EventRow {
  const { name = before.name, description = before.description, venue = before.venue } = body;
  const startsAt = body.startsAt === undefined ? before.startsAt : timeOf(body.startsAt);
  const endsAt = body.endsAt === undefined ? before.endsAt : timeOf(body.endsAt);
  refuseEndBeforeStart(startsAt, endsAt);
  const details = { name, description, venue, startsAt, endsAt };
  return { ...before, ...details, version: before.version + 1, updatedAt: now };
}

/** All sections, with their names and prices after the edit. */
function editedSections(
  body: EditRequest,
  { sections }: WholeEvent,
): Pick<NewSection, 'id' | 'name' | 'price'>[] {
  const edits = new Map(editsIn(body).map((edit) => [edit.id, edit]));
  if (editsIn(body).some(({ id }) => !sections.some((section) => section.id === id))) {
    throw new DomainError('section_not_found');
  }
  return sections.map(({ id, name, price }) => {
    const edit = edits.get(id);
    const newPrice = edit?.price === undefined ? price : edit.price;
    return { id, name: edit?.name ?? name, price: newPrice };
  });
}

const editsIn = ({ sections = [] }: EditRequest): (SectionEdit & { readonly id: string })[] =>
  sections.filter((edit): edit is SectionEdit & { id: string } => edit.id !== undefined);

const addedTo = ({ sections = [] }: EditRequest): WantedSection[] =>
  sections.flatMap(({ id, name, price, ...rest }, nth) => {
    if (id !== undefined) return [];
    const section = { ...rest, name: name!, ...(price && { price }) };
    return { section, pointer: `/sections/${nth}` };
  });

const isNewText =
  ({ sections }: WholeEvent) =>
  ({ id, name, price }: Pick<NewSection, 'id' | 'name' | 'price'>): boolean => {
    const before = sections.find((section) => section.id === id)!;
    return before.name !== name || before.price !== price;
  };

/** Fields that are invalid only together, or for this event. */
function refuseConflictingFields(body: EditRequest, { sections }: WholeEvent): void {
  if (body.totalTickets !== undefined && body.sections !== undefined) {
    throw invalidField('/totalTickets', 'cannot be combined with sections');
  }
  if (body.totalTickets !== undefined && sections.length > 1) {
    throw invalidField('/totalTickets', 'needs an event with one section: send sections instead');
  }
  const ids = editsIn(body).map(({ id }) => id);
  if (new Set(ids).size < ids.length)
    throw invalidField('/sections', 'must not name a section twice');
  const reseated = (body.sections ?? []).findIndex(({ id, seats }) => id && seats);
  if (reseated >= 0)
    throw invalidField(`/sections/${reseated}/seats`, 'can only be set for a new section');
}

function refuseDuplicateNames(names: readonly string[]): void {
  const seen = names.map(nameAsSeen);
  if (new Set(seen).size === seen.length) return;
  throw invalidField('/sections', 'must not give two sections the same name');
}
