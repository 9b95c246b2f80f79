import { z } from 'zod';
import {
  namedSchema,
  type ResponseOf,
  countField,
  idField,
  pageSchema,
  timeField,
} from '../../platform/schema/index.js';

const EVENT_STATUS = z.enum(['DRAFT', 'PUBLISHED', 'CANCELLED']);

/** At every commit booked + held + available = total. */
const PLACES = {
  availableTickets: countField(),
  bookedTickets: countField(),
  heldTickets: countField(),
  waitingListCount: countField().describe('Entries in the line, not people or places.'),
};

const EVENT_PLACES = {
  totalTickets: countField(),
  ...PLACES,
  bookingCount: countField().describe('Confirmed bookings.'),
  version: z.int().describe('Grows with every change of the event or of its places.'),
};

export const SectionStatusResponse = namedSchema(
  'SectionStatus',
  z.object({ id: idField(), name: z.string(), capacity: z.int().min(1), ...PLACES }),
);
export type SectionStatusResponse = ResponseOf<typeof SectionStatusResponse>;

export const EventStatusResponse = namedSchema(
  'EventStatus',
  z.object({
    eventId: idField(),
    name: z.string(),
    status: EVENT_STATUS,
    ...EVENT_PLACES,
    sections: z.array(SectionStatusResponse),
  }),
  'Places of the whole event and of each section, of one moment. Booked, held and available are the total.',
);
export type EventStatusResponse = ResponseOf<typeof EventStatusResponse>;

export const SectionResponse = namedSchema(
  'Section',
  SectionStatusResponse.extend({
    price: z
      .object({ amount: countField(), currency: z.string() })
      .nullable()
      .describe('In the smallest unit of its currency; null if none is kept here.'),
    isSeated: z.boolean().describe('Whether its places are numbered seats.'),
  }),
);
export type SectionResponse = ResponseOf<typeof SectionResponse>;

const BOUND = z.int().min(1).nullable();

export const EventResponse = namedSchema(
  'Event',
  z.object({
    id: idField(),
    name: z.string(),
    status: EVENT_STATUS,
    description: z.string().nullable(),
    venue: z.string().nullable(),
    startsAt: timeField().nullable(),
    endsAt: timeField().nullable(),
    ...EVENT_PLACES,
    limits: z.object({ maxPerBooking: BOUND, maxPerPerson: BOUND }),
    waitlist: z.object({
      enabled: z.boolean(),
      maxSize: BOUND,
      fit: z.enum(['strict', 'skip']),
      mode: z.enum(['auto', 'offer']),
      offerTtlSeconds: z.int().min(1),
    }),
    sections: z.array(SectionResponse),
    createdAt: timeField(),
    updatedAt: timeField(),
  }),
  'An event and all its settings; null is no bound.',
);
export type EventResponse = ResponseOf<typeof EventResponse>;

export const EventsPage = pageSchema('EventsPage', EventResponse);
