import {
  Describe,
  IsId,
  IsIdList,
  IsInteger,
  IsListOf,
  IsNested,
  IsOneOf,
  IsTimestamp,
  Nullable,
  Optional,
  SchemaName,
} from '../platform/schema/index.js';
import {
  FixedPriceResponse,
  IsIdsOf,
  NumberedSeatResponse,
  PersonAtEvent,
  WithQuantity,
} from '../bookings/index.js';

export const TTL_SECONDS_DEFAULT = 600;
const TTL_SECONDS_MAX = 86_400;

export class HoldRequest extends WithQuantity(PersonAtEvent) {
  @Optional() @IsIdsOf('seats') seatIds?: string[];

  @Describe(`How long to keep the places. Default: ${TTL_SECONDS_DEFAULT}.`)
  @Optional()
  @IsInteger({ min: 1, max: TTL_SECONDS_MAX })
  ttlSeconds?: number;
}

@SchemaName('Hold')
export class HoldResponse {
  @IsId() readonly id!: string;
  @IsId() readonly eventId!: string;
  @IsId() readonly sectionId!: string;
  @IsId() readonly userId!: string;
  @IsInteger({ min: 0 }) readonly quantity!: number;

  @Describe('Its booking keeps it. Null if none was set or recorded then.')
  @Nullable()
  @IsNested(() => FixedPriceResponse)
  readonly price!: FixedPriceResponse | null;

  @Describe('While the hold is `HELD`, in sections with seats.')
  @Optional()
  @IsIdList()
  readonly seatIds?: readonly string[];

  @Describe('The same seats with their rows and numbers.')
  @Optional()
  @IsListOf(() => NumberedSeatResponse)
  readonly seats?: readonly NumberedSeatResponse[];

  @IsOneOf(['HELD', 'CONFIRMED', 'RELEASED', 'EXPIRED'])
  readonly status!: 'HELD' | 'CONFIRMED' | 'RELEASED' | 'EXPIRED';

  @Describe('The hold ends at this moment.')
  @IsTimestamp()
  readonly expiresAt!: string;

  @IsTimestamp() readonly createdAt!: string;

  @Describe('The waitlist entry that the hold is an offer to.')
  @Optional()
  @IsId()
  readonly waitlistEntryId?: string;
}
