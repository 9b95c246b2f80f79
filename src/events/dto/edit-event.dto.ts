import type { Fit, WaitlistMode } from '../../allocation/index.js';
import {
  IsInteger,
  IsBoolean,
  IsId,
  IsSingleLineText,
  IsOneOf,
  IsNested,
  IsListOf,
  IsZonedTime,
  Describe,
  Optional,
  Nullable,
  RequiredWithout,
} from '../../platform/schema/index.js';
import {
  CAPACITY_MAX,
  IsDescription,
  LIMIT_MAX,
  WAITLIST_MAX,
  NAME_LENGTH_MAX,
  OFFER_TTL_SECONDS_MAX,
  PriceRequest,
  SeatsRequest,
  SECTIONS_MAX,
} from './create-event.dto.js';

@Describe(
  'Changes the section with this `id`. Without an `id`, adds a section, which needs a name.',
)
export class SectionEdit {
  @Optional() @IsId() id?: string;
  @RequiredWithout('id') @IsSingleLineText(NAME_LENGTH_MAX) name?: string;
  @Optional() @IsInteger({ min: 1, max: CAPACITY_MAX }) capacity?: number;
  @Optional() @Nullable() @IsNested(() => PriceRequest) price?: PriceRequest | null;

  @Describe('Only for a new section.')
  @Optional()
  @IsNested(() => SeatsRequest)
  seats?: SeatsRequest;
}

export class LimitsEdit {
  @Optional() @Nullable() @IsInteger({ min: 1, max: LIMIT_MAX }) maxPerBooking?: number | null;
  @Optional() @Nullable() @IsInteger({ min: 1, max: LIMIT_MAX }) maxPerPerson?: number | null;
}

export class WaitlistEdit {
  @Optional() @IsBoolean() enabled?: boolean;
  @Optional() @Nullable() @IsInteger({ min: 1, max: WAITLIST_MAX }) maxSize?: number | null;
  @Optional() @IsOneOf(['strict', 'skip']) fit?: Fit;
  @Optional() @IsOneOf(['auto', 'offer']) mode?: WaitlistMode;
  @Optional() @IsInteger({ min: 1, max: OFFER_TTL_SECONDS_MAX }) offerTtlSeconds?: number;
}

@Describe('Fields that are missing stay as they are; null removes a value.')
export class EditRequest {
  @Optional() @IsSingleLineText(NAME_LENGTH_MAX) name?: string;
  @Optional() @Nullable() @IsDescription() description?: string | null;
  @Optional() @Nullable() @IsSingleLineText(NAME_LENGTH_MAX) venue?: string | null;
  @Optional() @Nullable() @IsZonedTime() startsAt?: string | null;
  @Optional() @Nullable() @IsZonedTime() endsAt?: string | null;

  @Describe('The capacity of an event with one section.')
  @Optional()
  @IsInteger({ min: 1, max: CAPACITY_MAX })
  totalTickets?: number;

  @Optional()
  @IsListOf(() => SectionEdit, { minItems: 1, maxItems: SECTIONS_MAX })
  sections?: SectionEdit[];

  @Optional() @IsNested(() => LimitsEdit) limits?: LimitsEdit;
  @Optional() @IsNested(() => WaitlistEdit) waitlist?: WaitlistEdit;
}
