import {
  IsInteger,
  IsId,
  IsSingleLineText,
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
  LimitsRequest,
  NAME_LENGTH_MAX,
  PriceRequest,
  SeatsRequest,
  SECTIONS_MAX,
  WaitlistRequest,
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

export class LimitsEdit extends LimitsRequest {}

export class WaitlistEdit extends WaitlistRequest {}

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
