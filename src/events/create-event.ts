import {
  DEFAULT_RULES,
  type NewSeat,
  type NewSection,
  type SectionRules,
} from '../allocation/index.js';
import { type RequestContext, invalidRequest } from '../platform/http/index.js';
import { uuidV7 } from '../platform/common/index.js';
import type { NewEvent } from './events.repository.js';
import {
  type LimitsRequest,
  type OpenRequest,
  type SeatsRequest,
  type SectionRequest,
  SECTIONS_MAX,
  type WaitlistRequest,
} from './dto/create-event.dto.js';

/** What an event without sections of its own sells. */
const DEFAULT_SECTION = 'General Admission';

const SEATS_MAX = 20_000;
export const FIRST_VERSION = 1;

/** All rows of a new event. */
export interface Opening {
  readonly event: NewEvent;
  readonly sections: readonly NewSection[];
  readonly seats: readonly NewSeat[];
}

/** @throws {DomainError} `invalid_request` for what no single field can know */
export function openingOf(
  body: OpenRequest,
  { organiserId }: Pick<RequestContext, 'organiserId'>,
  now: Date,
): Opening {
  const id = uuidV7();
  const startsAt = timeOf(body.startsAt);
  const endsAt = timeOf(body.endsAt);
  refuseBackwards(startsAt, endsAt);
  const status = body.status ?? 'PUBLISHED';
  const made = makeSections(wantedSections(body), {
    eventId: id,
    organiserId,
    firstSectionId: null,
    sales: status === 'PUBLISHED' ? 'OPEN' : 'CLOSED',
    rules: { ...DEFAULT_RULES, ...rulesOf(body) },
    createdAt: now,
  });
  const { name, description = null, venue = null } = body;
  const details = { name, description, venue, startsAt, endsAt };
  return { event: { id, organiserId, ...details, status, version: FIRST_VERSION, now }, ...made };
}

export const timeOf = (text: string | null | undefined): Date | null =>
  typeof text === 'string' ? new Date(text) : null;

export function refuseBackwards(startsAt: Date | null, endsAt: Date | null): void {
  if (startsAt === null || endsAt === null || endsAt > startsAt) return;
  throw invalidRequest([{ pointer: '/endsAt', message: 'must be later than startsAt' }]);
}

/** A section that is asked for, and where in the body. */
export interface WantedSection {
  readonly section: SectionRequest;
  readonly pointer: string;
}

function wantedSections({ totalTickets, sections }: OpenRequest): readonly WantedSection[] {
  if (totalTickets === undefined && sections === undefined) {
    throw invalidRequest([{ pointer: '/totalTickets', message: 'is needed, or sections' }]);
  }
  if (totalTickets !== undefined && sections !== undefined) {
    const message = 'stands instead of sections: leave one of them out';
    throw invalidRequest([{ pointer: '/totalTickets', message }]);
  }
  const wanted = sections ?? [{ name: DEFAULT_SECTION, capacity: totalTickets! }];
  return wanted.map((section, nth) => ({ section, pointer: `/sections/${nth}` }));
}

/** What all sections that are made at once have in common. */
export type Origin = Pick<
  NewSection,
  'eventId' | 'organiserId' | 'firstSectionId' | 'sales' | 'rules' | 'createdAt'
>;

/** What the event has already. */
export interface Present {
  readonly names: readonly string[];
  readonly seats: number;
}

const NOTHING: Present = { names: [], seats: 0 };

/**
 * Rows of new sections and their seats.
 *
 * @param origin `firstSectionId` is null if the first of them is the event's first one
 * @throws {DomainError} `invalid_request`, pointing into `/sections`
 */
export function makeSections(
  wanted: readonly WantedSection[],
  origin: Origin,
  present = NOTHING,
): Pick<Opening, 'sections' | 'seats'> {
  refuseTwins(wanted, present);
  refuseTooMany(wanted, present);
  // Ids of one millisecond are in no order, and sections are listed by them.
  const ids = wanted.map(() => uuidV7()).sort();
  const sections = wanted.map((one, nth): NewSection => {
    const { name, price = null, seats } = one.section;
    const capacity = capacityOf(one);
    const firstSectionId = nth === 0 ? origin.firstSectionId : (origin.firstSectionId ?? ids[0]!);
    const isSeated = seats !== undefined;
    return { ...origin, id: ids[nth]!, firstSectionId, name, capacity, isSeated, price };
  });
  return {
    sections,
    seats: wanted.flatMap(({ section }, nth) => seatsOf(section.seats, sections[nth]!)),
  };
}

function refuseTwins(wanted: readonly WantedSection[], present: Present): void {
  const taken = new Set(present.names.map((name) => name.trim()));
  for (const { section, pointer } of wanted) {
    const name = section.name.trim();
    if (taken.has(name)) {
      const message = 'is the name of another section of this event';
      throw invalidRequest([{ pointer: `${pointer}/name`, message }]);
    }
    taken.add(name);
  }
}

/** Before they are numbered: a small body can ask for very many seats. */
function refuseTooMany(wanted: readonly WantedSection[], present: Present): void {
  const seats = wanted.reduce((sum, { section }) => sum + countOf(section.seats), present.seats);
  const sections = wanted.length + present.names.length;
  if (seats <= SEATS_MAX && sections <= SECTIONS_MAX) return;
  const most = seats > SEATS_MAX ? `${SEATS_MAX} seats` : `${SECTIONS_MAX} sections`;
  const message = `must not be more than ${most} in all`;
  throw invalidRequest([{ pointer: '/sections', message }]);
}

const countOf = (seats: SeatsRequest | undefined): number =>
  seats === undefined ? 0 : seats.rows.length * seats.perRow;

function capacityOf({ section, pointer: place }: WantedSection): number {
  const { capacity, seats } = section;
  const pointer = `${place}/capacity`;
  if (seats === undefined) {
    if (capacity !== undefined) return capacity;
    throw invalidRequest([{ pointer, message: 'is needed in a section without seats' }]);
  }
  const count = countOf(seats);
  if (capacity === undefined || capacity === count) return count;
  throw invalidRequest([{ pointer, message: `is not the number of seats, ${count}` }]);
}

/** In the order of the house; between two rows there is a gap, so that nobody sits around a corner. */
function seatsOf(seats: SeatsRequest | undefined, section: NewSection): NewSeat[] {
  if (seats === undefined) return [];
  const { id: sectionId, eventId } = section;
  return seats.rows.flatMap((row, nthRow) =>
    Array.from({ length: seats.perRow }, (_, nth): NewSeat => {
      const position = nthRow * (seats.perRow + 1) + nth;
      return { id: uuidV7(), eventId, sectionId, row, number: nth + 1, position };
    }),
  );
}

/** Settings that a request names; null is no bound. */
export function rulesOf({
  limits = {},
  waitlist = {},
}: {
  readonly limits?: { readonly [Name in keyof LimitsRequest]: number | null | undefined };
  readonly waitlist?: Omit<WaitlistRequest, 'maxSize'> & { maxSize?: number | null | undefined };
}): Partial<SectionRules> {
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
