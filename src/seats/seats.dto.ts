import type { SeatStatus } from '../allocation/index.js';
import {
  Describe,
  IsId,
  IsInteger,
  IsIntegerInQuery,
  IsNested,
  IsOneOf,
  IsString,
  Nullable,
  Optional,
  SchemaName,
} from '../platform/schema/index.js';
import { PageQuery, pageSchema } from '../platform/http/index.js';
import {
  FixedPriceResponse,
  TicketResponse,
  PersonRequest,
  WithPromoted,
} from '../bookings/index.js';

/** A response of 150 kB. */
export const SEATS_PER_PAGE_MAX = 1_000;

export class ListSeatsRequest extends PageQuery {
  @Describe(`Default: ${SEATS_PER_PAGE_MAX}.`)
  @Optional()
  @IsIntegerInQuery({ min: 1, max: SEATS_PER_PAGE_MAX })
  declare limit?: number;

  @Optional() @IsId() sectionId?: string;
  @Optional() @IsOneOf(['AVAILABLE', 'HELD', 'BOOKED']) status?: SeatStatus;
}

@Describe('The customer who books or releases a seat.')
export class SeatPersonRequest extends PersonRequest {}

@Describe('Never says who booked or holds the seat.')
@SchemaName('Seat')
export class SeatResponse {
  @IsId() readonly id!: string;
  @IsId() readonly sectionId!: string;
  @IsString() readonly row!: string;
  @IsInteger({ min: 1 }) readonly number!: number;
  @IsOneOf(['AVAILABLE', 'HELD', 'BOOKED']) readonly status!: SeatStatus;
}

export const SeatsPage = pageSchema('SeatsPage', SeatResponse);

@SchemaName('SeatReserved')
export class ReserveSeatResponse {
  @IsNested(() => TicketResponse) readonly ticket!: TicketResponse;
  @IsId() readonly bookingId!: string;

  @Describe('Null if none was set or recorded then.')
  @Nullable()
  @IsNested(() => FixedPriceResponse)
  readonly price!: FixedPriceResponse | null;
}

@SchemaName('SeatReleased')
export class ReleaseSeatResponse extends WithPromoted {
  @IsNested(() => TicketResponse)
  readonly ticket!: TicketResponse;
}
