import {
  Describe,
  Inlined,
  IsBoolean,
  IsId,
  IsInteger,
  IsListOf,
  IsNested,
  IsOneOf,
  IsString,
  IsTimestamp,
  Nullable,
  SchemaName,
} from '../../platform/schema/index.js';
import { pageSchema } from '../../platform/http/index.js';
import type { Fit, WaitlistMode } from '../../allocation/index.js';
import type { EventStatus } from '../event.entity.js';

/** At every commit booked + held + available = total. */
class PlaceCounts {
  @IsInteger({ min: 0 }) readonly availableTickets!: number;
  @IsInteger({ min: 0 }) readonly bookedTickets!: number;
  @IsInteger({ min: 0 }) readonly heldTickets!: number;

  @Describe('Waitlist entries, not customers or places.')
  @IsInteger({ min: 0 })
  readonly waitingListCount!: number;
}

class EventCounts extends PlaceCounts {
  @IsString() readonly name!: string;
  @IsOneOf(['DRAFT', 'PUBLISHED', 'CANCELLED']) readonly status!: EventStatus;
  @IsInteger({ min: 0 }) readonly totalTickets!: number;

  @Describe('Confirmed bookings.')
  @IsInteger({ min: 0 })
  readonly bookingCount!: number;

  @Describe('Grows with every change of the event or of its places.')
  @IsInteger()
  readonly version!: number;
}

@SchemaName('SectionStatus')
export class SectionStatusResponse extends PlaceCounts {
  @IsId() readonly id!: string;
  @IsString() readonly name!: string;
  @IsInteger({ min: 1 }) readonly capacity!: number;
}

@Describe(
  'The places of an event and of each section at one moment. Booked, held and available add up to the total.',
)
@SchemaName('EventStatus')
export class EventStatusResponse extends EventCounts {
  @IsId() readonly eventId!: string;
  @IsListOf(() => SectionStatusResponse) readonly sections!: readonly SectionStatusResponse[];
}

@Inlined()
class PriceResponse {
  @IsInteger({ min: 0 }) readonly amount!: number;
  @IsString() readonly currency!: string;
}

@SchemaName('Section')
export class SectionResponse extends SectionStatusResponse {
  @Describe('In the smallest unit of the currency; null if no price is set.')
  @Nullable()
  @IsNested(() => PriceResponse)
  readonly price!: PriceResponse | null;

  @Describe('Whether places are numbered seats.')
  @IsBoolean()
  readonly isSeated!: boolean;
}

@Inlined()
class LimitsResponse {
  @Nullable() @IsInteger({ min: 1 }) readonly maxPerBooking!: number | null;
  @Nullable() @IsInteger({ min: 1 }) readonly maxPerPerson!: number | null;
}

@Inlined()
class WaitlistSettingsResponse {
  @IsBoolean() readonly enabled!: boolean;
  @Nullable() @IsInteger({ min: 1 }) readonly maxSize!: number | null;
  @IsOneOf(['strict', 'skip']) readonly fit!: Fit;
  @IsOneOf(['auto', 'offer']) readonly mode!: WaitlistMode;
  @IsInteger({ min: 1 }) readonly offerTtlSeconds!: number;
}

@Describe('An event with its settings. A limit of null means no limit.')
@SchemaName('Event')
export class EventResponse extends EventCounts {
  @IsId() readonly id!: string;
  @Nullable() @IsString() readonly description!: string | null;
  @Nullable() @IsString() readonly venue!: string | null;
  @Nullable() @IsTimestamp() readonly startsAt!: string | null;
  @Nullable() @IsTimestamp() readonly endsAt!: string | null;
  @IsNested(() => LimitsResponse) readonly limits!: LimitsResponse;
  @IsNested(() => WaitlistSettingsResponse) readonly waitlist!: WaitlistSettingsResponse;
  @IsListOf(() => SectionResponse) readonly sections!: readonly SectionResponse[];
  @IsTimestamp() readonly createdAt!: string;
  @IsTimestamp() readonly updatedAt!: string;
}

export const EventsPage = pageSchema('EventsPage', EventResponse);
