import { IsCount, Optional } from '../../platform/index.js';
import type { Hold } from '../core/holds.js';
import type { BookingResponse } from './bookings.dto.js';
import { IsIds, PersonAtEvent, QUANTITY_MAX } from './request-fields.js';

export const TTL_SECONDS_DEFAULT = 600;
const TTL_SECONDS_MAX = 86_400;

export class HoldRequest extends PersonAtEvent {
  @Optional()
  @IsCount(QUANTITY_MAX)
  quantity?: number;

  /** Another name for `quantity`. */
  @Optional()
  @IsCount(QUANTITY_MAX)
  qty?: number;

  @Optional()
  @IsIds('seats')
  seatIds?: string[];

  @Optional()
  @IsCount(TTL_SECONDS_MAX)
  ttlSeconds?: number;
}

export interface HoldResponse {
  readonly id: string;
  readonly eventId: string;
  readonly sectionId: string;
  readonly userId: string;
  readonly quantity: number;
  /** While it is HELD, in a section with seats. */
  readonly seatIds?: readonly string[];
  readonly status: Hold['status'];
  /** From this moment on it is over. */
  readonly expiresAt: string;
  readonly createdAt: string;
  /** The entry of the line that it is an offer to, if it is one. */
  readonly waitlistEntryId?: string;
}

export interface ConfirmHoldResponse {
  readonly booking: BookingResponse;
}
