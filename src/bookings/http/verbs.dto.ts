import { IsCount, IsId, IsOneOf, Optional } from '../../platform/index.js';
import type { OnSoldOut } from '../core/commands.js';
import type { TicketResponse } from './bookings.dto.js';
import { IsIds, PersonAtEvent, QUANTITY_MAX } from './request-fields.js';

export class BookRequest extends PersonAtEvent {
  @Optional()
  @IsCount(QUANTITY_MAX)
  quantity?: number;

  /** Another name for `quantity`. */
  @Optional()
  @IsCount(QUANTITY_MAX)
  qty?: number;

  @Optional()
  @IsOneOf(['wait', 'refuse'])
  onSoldOut?: OnSoldOut;

  /** Who chooses his seats does not wait for them. */
  @Optional()
  @IsIds('seats')
  seatIds?: string[];
}

export class CancelRequest extends PersonAtEvent {
  @Optional()
  @IsCount(QUANTITY_MAX)
  quantity?: number;

  /** Another name for `quantity`. */
  @Optional()
  @IsCount(QUANTITY_MAX)
  qty?: number;

  @Optional()
  @IsIds('tickets')
  ticketIds?: string[];

  @Optional()
  @IsId()
  bookingId?: string;
}

interface WaitingEntryResponse {
  readonly id: string;
  readonly eventId: string;
  readonly userId: string;
  readonly quantity: number;
  /** 1 for the head of the line; null once the entry waits no more. */
  readonly position: number | null;
  /** DECLINED: it had been offered places. */
  readonly status: 'WAITING' | 'LEFT' | 'DECLINED';
}

export type BookResponse =
  | {
      readonly waitlisted: false;
      readonly bookingId: string;
      readonly tickets: readonly TicketResponse[];
    }
  | { readonly waitlisted: true; readonly waitingEntry: WaitingEntryResponse };

export type CancelResponse =
  | { readonly ticket: TicketResponse; readonly tickets: readonly TicketResponse[] }
  | { readonly waitingEntry: WaitingEntryResponse };
