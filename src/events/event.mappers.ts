import type { Price, SectionRules } from '../allocation/index.js';
import type { EventStatus } from './event.entity.js';
import type { EventResponse, SectionResponse } from './dto/event.dto.js';

/** An event as it was read or written. */
export interface EventRow {
  readonly id: string;
  readonly organiserId: string;
  readonly name: string;
  readonly status: EventStatus;
  readonly description: string | null;
  readonly venue: string | null;
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
  /** Counts edits; bookings do not change it. */
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Null for an event that was never on sale. */
  readonly publishedAt: Date | null;
}

/** A section as it was read or written; the rules are those of the whole event. */
export interface EventSectionRow {
  readonly id: string;
  readonly name: string;
  readonly price: Price | null;
  readonly isSeated: boolean;
  readonly rules: SectionRules;
  readonly capacity: number;
  readonly available: number;
  readonly booked: number;
  readonly held: number;
  readonly bookings: number;
  readonly waiting: number;
  readonly version: number;
}

/** @param sections of the event, the first one first; at least one */
export function toEventResponse(
  event: EventRow,
  sections: readonly EventSectionRow[],
): EventResponse {
  const sum = (pick: (section: EventSectionRow) => number): number =>
    sections.reduce((total, section) => total + pick(section), 0);
  const { rules } = sections[0]!;
  return {
    id: event.id,
    name: event.name,
    status: event.status,
    description: event.description,
    venue: event.venue,
    startsAt: event.startsAt?.toISOString() ?? null,
    endsAt: event.endsAt?.toISOString() ?? null,
    totalTickets: sum(({ capacity }) => capacity),
    availableTickets: sum(({ available }) => available),
    bookedTickets: sum(({ booked }) => booked),
    heldTickets: sum(({ held }) => held),
    waitingListCount: sum(({ waiting }) => waiting),
    bookingCount: sum(({ bookings }) => bookings),
    version: event.version + sum(({ version }) => version),
    limits: { maxPerBooking: rules.maxPerBooking, maxPerPerson: rules.maxPerPerson },
    waitlist: {
      enabled: rules.waitlistEnabled,
      maxSize: rules.waitlistMax,
      fit: rules.fit,
      mode: rules.mode,
      offerTtlSeconds: rules.offerTtlSeconds,
    },
    sections: sections.map(sectionResponse),
    createdAt: event.createdAt.toISOString(),
    updatedAt: event.updatedAt.toISOString(),
  };
}

const sectionResponse = (section: EventSectionRow): SectionResponse => ({
  id: section.id,
  name: section.name,
  capacity: section.capacity,
  price: section.price,
  isSeated: section.isSeated,
  availableTickets: section.available,
  bookedTickets: section.booked,
  heldTickets: section.held,
  waitingListCount: section.waiting,
});
