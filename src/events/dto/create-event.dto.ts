import { ArrayMaxSize, ArrayNotEmpty, ArrayUnique, IsArray } from 'class-validator';
import type { Fit, WaitlistMode } from '../../allocation/index.js';
import {
  IsCount,
  IsField,
  IsFlag,
  IsLine,
  IsOneOf,
  IsPart,
  IsParts,
  IsText,
  IsTime,
  Describe,
  Optional,
} from '../../platform/schema/index.js';

export const NAME_LENGTH_MAX = 200;
export const CAPACITY_MAX = 1_000_000;
export const SECTIONS_MAX = 100;
const DESCRIPTION_LENGTH_MAX = 5_000;
const ROWS_MAX = 200;
const ROW_NAME_LENGTH_MAX = 20;
const SEATS_PER_ROW_MAX = 500;
const AMOUNT_MAX = 1_000_000_000_000;
export const LIMIT_MAX = 1_000_000;
export const LINE_MAX = 10_000_000;
/** A week. */
export const OFFER_TTL_SECONDS_MAX = 604_800;

const CURRENCIES: ReadonlySet<unknown> = new Set(Intl.supportedValuesOf('currency'));
const ROW_NAME_PATTERN = String.raw`^[\p{L}\p{N}](?:[\p{L}\p{N} ._\-]*[\p{L}\p{N}._\-])?$`;
const ROW_NAME = new RegExp(ROW_NAME_PATTERN, 'u');

export const IsDescription = (): PropertyDecorator => IsText(DESCRIPTION_LENGTH_MAX);

@Describe('In the smallest unit of its currency: 1250 EUR is 12.50 euros.')
export class PriceRequest {
  @IsField(
    'isAmount',
    (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= AMOUNT_MAX,
    `must be a whole number from 0 to ${AMOUNT_MAX}`,
    { type: 'integer', minimum: 0, maximum: AMOUNT_MAX },
  )
  amount!: number;

  @Describe('Of ISO 4217.')
  @IsField('isCurrency', (value) => CURRENCIES.has(value), 'must be a currency of ISO 4217', {
    type: 'string',
    pattern: '^[A-Z]{3}$',
  })
  currency!: string;
}

/** No space at its end: the database would take it for the row without. */
const isRowName = (value: unknown): boolean =>
  typeof value === 'string' && value.length <= ROW_NAME_LENGTH_MAX && ROW_NAME.test(value);

@Describe(
  'Numbered seats: `perRow` in each of the rows, numbered from 1; 20,000 in all at the most.',
)
export class SeatsRequest {
  @IsArray({ message: 'must be a list of names of rows' })
  @ArrayNotEmpty({ message: 'must not be empty' })
  @ArrayMaxSize(ROWS_MAX, { message: `must not be longer than ${ROWS_MAX}` })
  @ArrayUnique({ message: 'must not name a row twice' })
  @IsField(
    'areRows',
    (rows) => Array.isArray(rows) && rows.every(isRowName),
    `must hold names of 1 to ${ROW_NAME_LENGTH_MAX} letters and digits`,
    {
      type: 'array',
      minItems: 1,
      maxItems: ROWS_MAX,
      uniqueItems: true,
      items: {
        type: 'string',
        minLength: 1,
        maxLength: ROW_NAME_LENGTH_MAX,
        pattern: ROW_NAME_PATTERN,
      },
    },
  )
  rows!: string[];

  @IsCount(SEATS_PER_ROW_MAX)
  perRow!: number;
}

export class SectionRequest {
  @IsLine(NAME_LENGTH_MAX)
  name!: string;

  @Describe('May be left out if there are seats.')
  @Optional()
  @IsCount(CAPACITY_MAX)
  capacity?: number;

  @Optional()
  @IsPart(() => PriceRequest)
  price?: PriceRequest;

  @Optional()
  @IsPart(() => SeatsRequest)
  seats?: SeatsRequest;
}

export class LimitsRequest {
  @Optional()
  @IsCount(LIMIT_MAX)
  maxPerBooking?: number;

  @Optional()
  @IsCount(LIMIT_MAX)
  maxPerPerson?: number;
}

export class WaitlistRequest {
  @Optional()
  @IsFlag()
  enabled?: boolean;

  @Optional()
  @IsCount(LINE_MAX)
  maxSize?: number;

  @Describe(
    'What happens while the head of the line wants more than is free: all wait, or others pass.',
  )
  @Optional()
  @IsOneOf(['strict', 'skip'])
  fit?: Fit;

  @Describe('Whether a place that comes free is booked for the next, or offered for a time.')
  @Optional()
  @IsOneOf(['auto', 'offer'])
  mode?: WaitlistMode;

  @Optional()
  @IsCount(OFFER_TTL_SECONDS_MAX)
  offerTtlSeconds?: number;
}

@Describe('An event to be opened, by `POST /initialize` and `POST /v1/events` alike.')
export class OpenRequest {
  @IsLine(NAME_LENGTH_MAX)
  name!: string;

  @Optional()
  @IsDescription()
  description?: string;

  @Optional()
  @IsLine(NAME_LENGTH_MAX)
  venue?: string;

  @Optional()
  @IsTime()
  startsAt?: string;

  @Optional()
  @IsTime()
  endsAt?: string;

  @Describe('`PUBLISHED` if nothing is said; of a draft nothing is sold.')
  @Optional()
  @IsOneOf(['DRAFT', 'PUBLISHED'])
  status?: 'DRAFT' | 'PUBLISHED';

  @Describe('Capacity of the only section, "General Admission"; stands instead of `sections`.')
  @Optional()
  @IsCount(CAPACITY_MAX)
  totalTickets?: number;

  @Optional()
  @IsParts(() => SectionRequest, SECTIONS_MAX)
  sections?: SectionRequest[];

  @Optional()
  @IsPart(() => LimitsRequest)
  limits?: LimitsRequest;

  @Optional()
  @IsPart(() => WaitlistRequest)
  waitlist?: WaitlistRequest;
}
