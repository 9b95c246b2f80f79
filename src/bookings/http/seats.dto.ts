import type { SeatStatus } from '../../inventory/index.js';
import { IsId, IsOneOf, IsTextCount, Optional, PageQuery } from '../../platform/index.js';
import type { TicketResponse } from './bookings.dto.js';
import { PersonRequest } from './request-fields.js';

/** A plan of the house is drawn at once. */
export const SEATS_PER_PAGE_MAX = 10_000;

export class ListSeatsRequest extends PageQuery {
  @Optional()
  @IsTextCount(SEATS_PER_PAGE_MAX)
  declare limit?: number;

  @Optional()
  @IsId()
  sectionId?: string;

  @Optional()
  @IsOneOf(['AVAILABLE', 'HELD', 'BOOKED'])
  status?: SeatStatus;
}

/** Who takes a seat or gives it back. */
export class SeatPersonRequest extends PersonRequest {}

/** Never says whose it is. */
export interface SeatResponse {
  readonly id: string;
  readonly sectionId: string;
  readonly row: string;
  readonly number: number;
  readonly status: SeatStatus;
}

export interface ReserveSeatResponse {
  readonly ticket: TicketResponse;
  readonly bookingId: string;
}

export interface ReleaseSeatResponse {
  readonly ticket: TicketResponse;
}
