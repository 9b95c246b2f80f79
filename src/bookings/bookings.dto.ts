import {
  Describe,
  Inlined,
  IsId,
  IsInteger,
  IsIntegerInQuery,
  IsListOf,
  IsNested,
  IsOneOf,
  IsString,
  IsTimestamp,
  Nullable,
  Optional,
  SchemaName,
} from '../platform/schema/index.js';
import { pageSchema } from '../platform/http/index.js';
import type { BookingStatus } from './booking.entity.js';
import { FixedPriceResponse } from './price.dto.js';
import { IsIdsOf, PersonPageQuery, WithQuantity } from './request-fields.js';

/** The last row of a page by number, which reads the pages before it as well. */
export const ROWS_BEFORE_MAX = 1_000;

export class ListBookingsRequest extends PersonPageQuery {
  @Optional() @IsId() eventId?: string;

  @Describe('Only with `eventId` or `identifier`.')
  @Optional()
  @IsOneOf(['CONFIRMED', 'CANCELLED'])
  status?: BookingStatus;

  @Describe('Page number from 1, instead of `cursor`.')
  @Optional()
  @IsIntegerInQuery({ min: 1, max: ROWS_BEFORE_MAX })
  page?: number;
}

@Describe('The tickets to cancel. Default: all tickets of the booking.')
export class CancelBookingRequest extends WithQuantity(Object) {
  @Optional() @IsIdsOf('tickets') ticketIds?: string[];
}

@SchemaName('NumberedSeat')
export class NumberedSeatResponse {
  @IsId() readonly id!: string;
  @IsString() readonly row!: string;
  @IsInteger({ min: 1 }) readonly number!: number;
}

@SchemaName('Ticket')
export class TicketResponse {
  @IsId() readonly id!: string;
  @IsId() readonly eventId!: string;

  @Describe("Rowlock's id of the customer, never an identifier.")
  @IsId()
  readonly userId!: string;

  @IsOneOf(['BOOKED', 'CANCELLED']) readonly status!: 'BOOKED' | 'CANCELLED';

  @Describe('In sections with seats.')
  @Optional()
  @IsId()
  readonly seatId?: string;

  @Describe('The same seat with its row and number.')
  @Optional()
  @IsNested(() => NumberedSeatResponse)
  readonly seat?: NumberedSeatResponse;
}

@SchemaName('Booking')
export class BookingResponse {
  @IsId() readonly id!: string;
  @IsId() readonly eventId!: string;
  @IsId() readonly sectionId!: string;
  @IsId() readonly userId!: string;

  @Describe('Places that the booking holds now; 0 once it is cancelled.')
  @IsInteger({ min: 0 })
  readonly quantity!: number;

  @IsOneOf(['CONFIRMED', 'CANCELLED']) readonly status!: BookingStatus;

  @Describe('Null if none was set or recorded then.')
  @Nullable()
  @IsNested(() => FixedPriceResponse)
  readonly price!: FixedPriceResponse | null;

  @IsListOf(() => TicketResponse) readonly tickets!: readonly TicketResponse[];
  @IsTimestamp() readonly createdAt!: string;
  @Optional() @IsTimestamp() readonly cancelledAt?: string;

  @Describe('The hold it was made from.')
  @Optional()
  @IsId()
  readonly holdId?: string;

  @Describe('The waitlist entry it was made from.')
  @Optional()
  @IsId()
  readonly waitlistEntryId?: string;
}

export const BookingsPage = pageSchema('BookingsPage', BookingResponse);

@SchemaName('BookingMade')
export class BookingMadeResponse {
  @IsNested(() => BookingResponse) readonly booking!: BookingResponse;
}

@Inlined()
class PromotionOfferResponse {
  @IsId() readonly holdId!: string;
  @IsTimestamp() readonly expiresAt!: string;
}

@Describe('An own waitlist entry that got freed places: as a booking, or as an offer.')
@SchemaName('PromotedEntry')
export class PromotedResponse {
  @IsId() readonly waitlistEntryId!: string;
  @IsInteger({ min: 1 }) readonly quantity!: number;

  @Describe('Null if none was set or recorded then.')
  @Nullable()
  @IsNested(() => FixedPriceResponse)
  readonly price!: FixedPriceResponse | null;

  @Optional() @IsId() readonly bookingId?: string;

  @Describe('The tickets of that booking.')
  @Optional()
  @IsListOf(() => TicketResponse)
  readonly tickets?: readonly TicketResponse[];

  @Optional() @IsNested(() => PromotionOfferResponse) readonly offer?: PromotionOfferResponse;
}

/** Adds `promoted` to the response of a cancellation. */
export abstract class WithPromoted {
  @Describe('What the freed places became for the same customer. Missing if nothing.')
  @Optional()
  @IsListOf(() => PromotedResponse)
  readonly promoted?: readonly PromotedResponse[];
}

@SchemaName('CancelledTickets')
export class CancelBookingResponse extends WithPromoted {
  @Describe('The booking after the cancellation, with its remaining tickets.')
  @IsNested(() => BookingResponse)
  readonly booking!: BookingResponse;

  @Describe('The cancelled tickets.')
  @IsListOf(() => TicketResponse)
  readonly tickets!: readonly TicketResponse[];
}
