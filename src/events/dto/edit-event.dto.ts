import type { Fit, WaitlistMode } from '../../allocation/index.js';
import {
  IsCount,
  IsFlag,
  IsId,
  IsLine,
  IsOneOf,
  IsPart,
  IsParts,
  IsTime,
  Describe,
  Optional,
  Removable,
  RequiredUnless,
} from '../../platform/schema/index.js';
import {
  CAPACITY_MAX,
  IsDescription,
  LIMIT_MAX,
  LINE_MAX,
  NAME_LENGTH_MAX,
  OFFER_TTL_SECONDS_MAX,
  PriceRequest,
  SeatsRequest,
  SECTIONS_MAX,
} from './create-event.dto.js';

@Describe('With an id, a section that there is; without one, a new section, which needs a name.')
export class SectionEdit {
  @Optional()
  @IsId()
  id?: string;

  @RequiredUnless('id')
  @IsLine(NAME_LENGTH_MAX)
  name?: string;

  @Optional()
  @IsCount(CAPACITY_MAX)
  capacity?: number;

  @Removable()
  @IsPart(() => PriceRequest)
  price?: PriceRequest | null;

  @Describe('Of a new section.')
  @Optional()
  @IsPart(() => SeatsRequest)
  seats?: SeatsRequest;
}

export class LimitsEdit {
  @Removable()
  @IsCount(LIMIT_MAX)
  maxPerBooking?: number | null;

  @Removable()
  @IsCount(LIMIT_MAX)
  maxPerPerson?: number | null;
}

export class WaitlistEdit {
  @Optional()
  @IsFlag()
  enabled?: boolean;

  @Removable()
  @IsCount(LINE_MAX)
  maxSize?: number | null;

  @Optional()
  @IsOneOf(['strict', 'skip'])
  fit?: Fit;

  @Optional()
  @IsOneOf(['auto', 'offer'])
  mode?: WaitlistMode;

  @Optional()
  @IsCount(OFFER_TTL_SECONDS_MAX)
  offerTtlSeconds?: number;
}

@Describe('What is left out stays as it is; null takes it away.')
export class EditRequest {
  @Optional()
  @IsLine(NAME_LENGTH_MAX)
  name?: string;

  @Removable()
  @IsDescription()
  description?: string | null;

  @Removable()
  @IsLine(NAME_LENGTH_MAX)
  venue?: string | null;

  @Removable()
  @IsTime()
  startsAt?: string | null;

  @Removable()
  @IsTime()
  endsAt?: string | null;

  @Describe('Capacity of an event with one section.')
  @Optional()
  @IsCount(CAPACITY_MAX)
  totalTickets?: number;

  @Optional()
  @IsParts(() => SectionEdit, SECTIONS_MAX)
  sections?: SectionEdit[];

  @Optional()
  @IsPart(() => LimitsEdit)
  limits?: LimitsEdit;

  @Optional()
  @IsPart(() => WaitlistEdit)
  waitlist?: WaitlistEdit;
}
