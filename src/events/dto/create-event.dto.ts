import { ArrayMaxSize, ArrayNotEmpty, ArrayUnique, IsArray } from 'class-validator';
import type { Fit, WaitlistMode } from '../../allocation/index.js';
import {
  IsInteger,
  IsValid,
  IsBoolean,
  IsSingleLineText,
  IsOneOf,
  IsNested,
  IsListOf,
  IsMultiLineText,
  IsZonedTime,
  Describe,
  type FieldDecorator,
  Normalised,
  Nullable,
  Optional,
} from '../../platform/schema/index.js';
import { CURRENCIES } from './currencies.js';

export const NAME_LENGTH_MAX = 200;
export const CAPACITY_MAX = 1_000_000;
export const SECTIONS_MAX = 100;
const DESCRIPTION_LENGTH_MAX = 5_000;
const ROWS_MAX = 200;
const ROW_NAME_LENGTH_MAX = 20;
const SEATS_PER_ROW_MAX = 500;
const AMOUNT_MAX = 1_000_000_000_000;
const LIMIT_MAX = 1_000_000;
const WAITLIST_MAX = 10_000_000;
/** A week. */
const OFFER_TTL_SECONDS_MAX = 604_800;

/** In code points, as sent: composed, a letter with its marks can be one of four. */
const ROW_NAME_SENT_MAX = ROW_NAME_LENGTH_MAX * 4;

/** Vowels of many scripts are marks, and so are accents that are not composed with their letter. */
const ROW_NAME_PATTERN = String.raw`^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N} ._\-]*[\p{L}\p{M}\p{N}._\-])?$`;
const ROW_NAME = new RegExp(ROW_NAME_PATTERN, 'u');

export const IsDescription = (): FieldDecorator<string> => IsMultiLineText(DESCRIPTION_LENGTH_MAX);

@Describe('In the smallest unit of the currency: 1250 EUR is 12.50 euros.')
export class PriceRequest {
  @IsInteger({ min: 0, max: AMOUNT_MAX }) amount!: number;

  @Describe('An ISO 4217 code.')
  @IsValid<string>((value) => CURRENCIES.has(value), 'must be an ISO 4217 currency code', {
    type: 'string',
    pattern: '^[A-Z]{3}$',
  })
  currency!: string;
}

/** No trailing space: the database would compare it as equal to the name without. */
const isRowName = (value: unknown): boolean =>
  typeof value === 'string' &&
  Array.from(value).length <= ROW_NAME_LENGTH_MAX &&
  ROW_NAME.test(value);

/** É is one row, whether it is sent as one character or as two. */
const composed = (rows: unknown): unknown =>
  Array.isArray(rows)
    ? rows.map((row: unknown) => (typeof row === 'string' ? row.normalize('NFC') : row))
    : rows;

@Describe('Numbered seats: `perRow` seats in each row, numbered from 1; 20,000 seats at most.')
export class SeatsRequest {
  @Normalised(composed)
  @IsArray({ message: 'must be a list of row names' })
  @ArrayNotEmpty({ message: 'must not be empty' })
  @ArrayMaxSize(ROWS_MAX, { message: `must not be longer than ${ROWS_MAX}` })
  @ArrayUnique({ message: 'must not name a row twice' })
  @IsValid<readonly string[]>(
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
        maxLength: ROW_NAME_SENT_MAX,
        pattern: ROW_NAME_PATTERN,
      },
    },
  )
  rows!: string[];

  @IsInteger({ min: 1, max: SEATS_PER_ROW_MAX }) perRow!: number;
}

export class SectionRequest {
  @IsSingleLineText(NAME_LENGTH_MAX) name!: string;

  @Describe('Not required with `seats`.')
  @Optional()
  @IsInteger({ min: 1, max: CAPACITY_MAX })
  capacity?: number;

  @Optional() @Nullable() @IsNested(() => PriceRequest) price?: PriceRequest | null;
  @Optional() @IsNested(() => SeatsRequest) seats?: SeatsRequest;
}

export class LimitsRequest {
  @Optional() @Nullable() @IsInteger({ min: 1, max: LIMIT_MAX }) maxPerBooking?: number | null;
  @Optional() @Nullable() @IsInteger({ min: 1, max: LIMIT_MAX }) maxPerPerson?: number | null;
}

export class WaitlistRequest {
  @Optional() @IsBoolean() enabled?: boolean;
  @Optional() @Nullable() @IsInteger({ min: 1, max: WAITLIST_MAX }) maxSize?: number | null;

  @Describe('Who is next: only the head (`strict`), or the first entry that fits (`skip`).')
  @Optional()
  @IsOneOf(['strict', 'skip'])
  fit?: Fit;

  @Describe('What the next entry gets: a booking (`auto`) or an offer (`offer`).')
  @Optional()
  @IsOneOf(['auto', 'offer'])
  mode?: WaitlistMode;

  @Optional() @IsInteger({ min: 1, max: OFFER_TTL_SECONDS_MAX }) offerTtlSeconds?: number;
}

@Describe(
  'A new event, for `POST /initialize` and `POST /v1/events`. A null, as in responses, counts as left out.',
)
export class OpenRequest {
  @IsSingleLineText(NAME_LENGTH_MAX) name!: string;
  @Optional() @Nullable() @IsDescription() description?: string | null;
  @Optional() @Nullable() @IsSingleLineText(NAME_LENGTH_MAX) venue?: string | null;
  @Optional() @Nullable() @IsZonedTime() startsAt?: string | null;
  @Optional() @Nullable() @IsZonedTime() endsAt?: string | null;

  @Describe('Drafts are not on sale. Default: `PUBLISHED`.')
  @Optional()
  @IsOneOf(['DRAFT', 'PUBLISHED'])
  status?: 'DRAFT' | 'PUBLISHED';

  @Describe(
    'Creates one section, "General Admission", with this capacity. Not together with `sections`.',
  )
  @Optional()
  @IsInteger({ min: 1, max: CAPACITY_MAX })
  totalTickets?: number;

  @Optional()
  @IsListOf(() => SectionRequest, { minItems: 1, maxItems: SECTIONS_MAX })
  sections?: SectionRequest[];

  @Optional() @IsNested(() => LimitsRequest) limits?: LimitsRequest;
  @Optional() @IsNested(() => WaitlistRequest) waitlist?: WaitlistRequest;
}
