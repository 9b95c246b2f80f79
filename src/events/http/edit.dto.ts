import { IsBoolean, ValidateIf } from 'class-validator';
import type { Fit, WaitlistMode } from '../../inventory/index.js';
import { IsCount, IsId, IsLine, IsOneOf, IsTime, Optional } from '../../platform/index.js';
import {
  CAPACITY_MAX,
  IsDescription,
  IsPart,
  IsParts,
  LIMIT_MAX,
  LINE_MAX,
  NAME_LENGTH_MAX,
  OFFER_TTL_SECONDS_MAX,
  PriceRequest,
  SeatsRequest,
  SECTIONS_MAX,
} from './open.dto.js';

/** May be left out, then it stays; null takes it away. */
const Removable = (): PropertyDecorator =>
  ValidateIf((_, value: unknown) => value !== undefined && value !== null);

/** With an id, a section that there is; without one, a new section, which needs a name. */
export class SectionEdit {
  @Optional()
  @IsId()
  id?: string;

  @ValidateIf((edit: SectionEdit, value: unknown) => value !== undefined || edit.id === undefined)
  @IsLine(NAME_LENGTH_MAX)
  name?: string;

  @Optional()
  @IsCount(CAPACITY_MAX)
  capacity?: number;

  @Removable()
  @IsPart(() => PriceRequest)
  price?: PriceRequest | null;

  /** Of a new section. */
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
  @IsBoolean({ message: 'must be true or false' })
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

/** What is left out stays as it is. */
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

  /** Capacity of an event with one section. */
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
