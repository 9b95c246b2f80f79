import {
  anyOf,
  Describe,
  Inlined,
  IsConstant,
  IsId,
  IsInteger,
  IsListOf,
  IsNested,
  IsOneOf,
  Nullable,
  oneOf,
  Optional,
  SchemaName,
  type ValueOf,
} from '../platform/schema/index.js';
import type { OnSoldOut } from '../allocation/index.js';
import { BookingResponse, TicketResponse, WithPromoted } from './bookings.dto.js';
import { FixedPriceResponse } from './price.dto.js';
import { IsIdsOf, PersonAtEvent, WithQuantity } from './request-fields.js';

export class BookRequest extends WithQuantity(PersonAtEvent) {
  @Describe(
    'What to do if the places are not free: join the waitlist (`wait`) or fail (`refuse`). Default: `wait`.',
  )
  @Optional()
  @IsOneOf(['wait', 'refuse'])
  onSoldOut?: OnSoldOut;

  @Describe(
    'Specific seats instead of a quantity. Requests for specific seats never join the waitlist.',
  )
  @Optional()
  @IsIdsOf('seats')
  seatIds?: string[];
}

export class CancelRequest extends WithQuantity(PersonAtEvent) {
  @Describe('The tickets to cancel; not together with `quantity` or `bookingId`.')
  @Optional()
  @IsIdsOf('tickets')
  ticketIds?: string[];

  @Describe('The booking to cancel, or to cancel `quantity` tickets of.')
  @Optional()
  @IsId()
  bookingId?: string;
}

@SchemaName('WaitingEntry')
class WaitingEntryResponse {
  @IsId() readonly id!: string;
  @IsId() readonly eventId!: string;
  @IsId() readonly userId!: string;
  @IsInteger({ min: 1 }) readonly quantity!: number;

  @Describe('1 for the head of the waitlist; null once the entry no longer waits.')
  @Nullable()
  @IsInteger({ min: 1 })
  readonly position!: number | null;

  @Describe('`DECLINED` if the entry had an offer.')
  @IsOneOf(['WAITING', 'LEFT', 'DECLINED'])
  readonly status!: 'WAITING' | 'LEFT' | 'DECLINED';
}

@Inlined()
class BookedResponse {
  @IsConstant(false) readonly waitlisted!: false;
  @IsId() readonly bookingId!: string;

  @Describe('Null if none was set or recorded then.')
  @Nullable()
  @IsNested(() => FixedPriceResponse)
  readonly price!: FixedPriceResponse | null;

  @IsListOf(() => TicketResponse) readonly tickets!: readonly TicketResponse[];
}

@Inlined()
class WaitlistedResponse {
  @IsConstant(true) readonly waitlisted!: true;
  @IsNested(() => WaitingEntryResponse) readonly waitingEntry!: WaitingEntryResponse;
}

export const BookResponse = oneOf('BookedOrWaiting', [BookedResponse, WaitlistedResponse]);
export type BookResponse = ValueOf<typeof BookResponse>;

@Inlined()
class BookedWithBookingResponse extends BookedResponse {
  @IsNested(() => BookingResponse) readonly booking!: BookingResponse;
}

export const CreateBookingResponse = oneOf(
  'BookingOrWaiting',
  [BookedWithBookingResponse, WaitlistedResponse],
  'The response of `/book`, with the booking if there is one.',
);
export type CreateBookingResponse = ValueOf<typeof CreateBookingResponse>;

@Inlined()
class CancelledResponse extends WithPromoted {
  @IsNested(() => TicketResponse) readonly ticket!: TicketResponse;
  @IsListOf(() => TicketResponse) readonly tickets!: readonly TicketResponse[];
}

@Inlined()
class LeftWaitlistResponse {
  @IsNested(() => WaitingEntryResponse) readonly waitingEntry!: WaitingEntryResponse;
}

export const CancelResponse = anyOf('CancelledOrLeft', [CancelledResponse, LeftWaitlistResponse]);
export type CancelResponse = ValueOf<typeof CancelResponse>;
