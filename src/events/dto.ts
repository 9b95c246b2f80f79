import { IsCount, IsLine } from '../platform/index.js';
import type { EventStatus } from './event.entity.js';

const NAME_LENGTH_MAX = 200;
const CAPACITY_MAX = 1_000_000;

export class InitializeRequest {
  @IsLine(NAME_LENGTH_MAX)
  name!: string;

  @IsCount(CAPACITY_MAX)
  totalTickets!: number;
}

export interface SectionStatusResponse {
  readonly id: string;
  readonly name: string;
  readonly capacity: number;
  readonly availableTickets: number;
  readonly bookedTickets: number;
  readonly heldTickets: number;
  readonly waitingListCount: number;
}

/** Places of the whole event and of each section. At every commit booked + held + available = total. */
export interface EventStatusResponse {
  readonly eventId: string;
  readonly name: string;
  readonly status: EventStatus;
  readonly totalTickets: number;
  readonly availableTickets: number;
  readonly bookedTickets: number;
  readonly heldTickets: number;
  /** Entries in the line, not people or places. */
  readonly waitingListCount: number;
  /** Confirmed bookings. */
  readonly bookingCount: number;
  /** Grows with every change of the event or of its places. */
  readonly version: number;
  readonly sections: readonly SectionStatusResponse[];
}

export interface EventResponse extends Omit<EventStatusResponse, 'eventId'> {
  readonly id: string;
  readonly createdAt: string;
}
