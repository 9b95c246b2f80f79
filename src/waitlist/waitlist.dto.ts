import {
  Describe,
  Inlined,
  IsId,
  IsInteger,
  IsNested,
  IsOneOf,
  IsTimestamp,
  Nullable,
  Optional,
  SchemaName,
} from '../platform/schema/index.js';
import { pageSchema } from '../platform/http/index.js';
import { FixedPriceResponse, PersonPageQuery } from '../bookings/index.js';

export class ListEntriesRequest extends PersonPageQuery {
  @IsId() eventId!: string;
  @Optional() @IsId() sectionId?: string;
}

@Inlined()
class OfferResponse {
  @IsId() readonly holdId!: string;
  @IsTimestamp() readonly expiresAt!: string;

  @Describe('The booking made from the offer keeps it. Null if none was set or recorded then.')
  @Nullable()
  @IsNested(() => FixedPriceResponse)
  readonly price!: FixedPriceResponse | null;
}

@SchemaName('WaitlistEntry')
export class EntryResponse {
  @IsId() readonly id!: string;
  @IsId() readonly eventId!: string;
  @IsId() readonly sectionId!: string;
  @IsId() readonly userId!: string;
  @IsInteger({ min: 1 }) readonly quantity!: number;

  @IsOneOf(['WAITING', 'OFFERED', 'PROMOTED', 'LEFT', 'DECLINED', 'EXPIRED', 'VOIDED'])
  readonly status!: 'WAITING' | 'OFFERED' | 'PROMOTED' | 'LEFT' | 'DECLINED' | 'EXPIRED' | 'VOIDED';

  @Describe("1 for the head of the section's waitlist; null unless the entry is `WAITING`.")
  @Nullable()
  @IsInteger({ min: 1 })
  readonly position!: number | null;

  @IsTimestamp() readonly createdAt!: string;
  @Nullable() @IsTimestamp() readonly endedAt!: string | null;

  @Describe('While the entry is `OFFERED`: the hold that keeps the places, and when it expires.')
  @Nullable()
  @IsNested(() => OfferResponse)
  readonly offer!: OfferResponse | null;

  @Describe('The booking made from a `PROMOTED` entry.')
  @Nullable()
  @IsId()
  readonly bookingId!: string | null;
}

export const EntriesPage = pageSchema('WaitlistPage', EntryResponse);

@SchemaName('OfferDeclined')
export class DeclineOfferResponse {
  @IsNested(() => EntryResponse)
  readonly waitingEntry!: EntryResponse;
}
