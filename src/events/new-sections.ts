import type { NewSeat, NewSection } from '../allocation/index.js';
import { invalidField } from '../platform/http/index.js';
import { type SeatsRequest, type SectionRequest, SECTIONS_MAX } from './dto/create-event.dto.js';

const SEATS_MAX = 20_000;

/** A section to be created, and where the body asks for it. */
export interface WantedSection {
  readonly section: SectionRequest;
  readonly pointer: string;
}

/** Columns that all sections of one request share. */
type SharedColumns = Pick<
  NewSection,
  'eventId' | 'organiserId' | 'firstSectionId' | 'sales' | 'rules' | 'createdAt'
>;

export interface SharedBySections extends SharedColumns {
  /** Ordered, because sections are listed by id. */
  readonly newId: () => string;
}

/** The sections that the event already has. */
export interface Existing {
  readonly names: readonly string[];
  readonly seats: number;
}

const NOTHING: Existing = { names: [], seats: 0 };

export interface NewSections {
  readonly sections: readonly NewSection[];
  readonly seats: readonly NewSeat[];
}

/**
 * Rows of new sections and their seats.
 *
 * @param shared `firstSectionId` is null if the first of them is the event's first one
 * @throws {DomainError} `invalid_request`, pointing into `/sections`
 */
export function makeSections(
  wanted: readonly WantedSection[],
  { newId, ...shared }: SharedBySections,
  existing = NOTHING,
): NewSections {
  refuseTakenNames(wanted, existing);
  refuseTooMany(wanted, existing);
  const ids = wanted.map(() => newId());
  const sections = wanted.map((one, nth): NewSection => {
    const { name, price = null, seats } = one.section;
    const capacity = capacityOf(one);
    const firstSectionId = nth === 0 ? shared.firstSectionId : (shared.firstSectionId ?? ids[0]!);
    const isSeated = seats !== undefined;
    return { ...shared, id: ids[nth]!, firstSectionId, name, capacity, isSeated, price };
  });
  return {
    sections,
    seats: wanted.flatMap(({ section }, nth) => seatsOf(section.seats, sections[nth]!, newId)),
  };
}

function refuseTakenNames(wanted: readonly WantedSection[], existing: Existing): void {
  const taken = new Set(existing.names.map(nameAsSeen));
  for (const { section, pointer } of wanted) {
    const name = nameAsSeen(section.name);
    if (taken.has(name)) {
      throw invalidField(`${pointer}/name`, 'is the name of another section of this event');
    }
    taken.add(name);
  }
}

/** Checked before seats are created: a small body can ask for very many. */
function refuseTooMany(wanted: readonly WantedSection[], existing: Existing): void {
  const seats = wanted.reduce((sum, { section }) => sum + countOf(section.seats), existing.seats);
  const sections = wanted.length + existing.names.length;
  if (seats <= SEATS_MAX && sections <= SECTIONS_MAX) return;
  const most = seats > SEATS_MAX ? `${SEATS_MAX} seats` : `${SECTIONS_MAX} sections`;
  throw invalidField('/sections', `must not be more than ${most} in total`);
}

const countOf = (seats: SeatsRequest | undefined): number =>
  seats === undefined ? 0 : seats.rows.length * seats.perRow;

function capacityOf({ section, pointer: place }: WantedSection): number {
  const { capacity, seats } = section;
  const pointer = `${place}/capacity`;
  if (seats === undefined) {
    if (capacity !== undefined) return capacity;
    throw invalidField(pointer, 'is required in a section without seats');
  }
  const count = countOf(seats);
  if (capacity === undefined || capacity === count) return count;
  throw invalidField(pointer, `must equal the number of seats, ${count}`);
}

/** Row by row. Positions have a gap between two rows, so that adjacent seats are in the same row. */
function seatsOf(
  seats: SeatsRequest | undefined,
  section: NewSection,
  newId: () => string,
): NewSeat[] {
  if (seats === undefined) return [];
  const { id: sectionId, eventId } = section;
  return seats.rows.flatMap((row, nthRow) =>
    Array.from({ length: seats.perRow }, (_, nth): NewSeat => {
      const position = nthRow * (seats.perRow + 1) + nth;
      return { id: newId(), eventId, sectionId, row, number: nth + 1, position };
    }),
  );
}

/** Two sections of an event cannot have names that look the same by this measure. */
export const nameAsSeen = (name: string): string => name.trim().normalize('NFC');
