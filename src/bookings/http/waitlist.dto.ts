import { IsId, Optional, PageQuery } from '../../platform/index.js';
import type { EntryStatus } from '../../waitlist/index.js';
import type { BookingResponse } from './bookings.dto.js';
import { IsIdentifier } from './request-fields.js';

export class ListEntriesRequest extends PageQuery {
  @IsId()
  eventId!: string;

  @Optional()
  @IsId()
  sectionId?: string;

  @Optional()
  @IsIdentifier()
  identifier?: string;

  /** Another name for `identifier`. */
  @Optional()
  @IsIdentifier()
  userId?: string;
}

export interface EntryResponse {
  readonly id: string;
  readonly eventId: string;
  readonly sectionId: string;
  readonly userId: string;
  readonly quantity: number;
  readonly status: EntryStatus;
  /** 1 for the head of the section's line; null unless it is WAITING. */
  readonly position: number | null;
  readonly createdAt: string;
  readonly endedAt: string | null;
  /** While it is OFFERED: the hold that keeps the places, and when it is over. */
  readonly offer: { readonly holdId: string; readonly expiresAt: string } | null;
  /** What a PROMOTED entry has become. */
  readonly bookingId: string | null;
}

export interface AcceptOfferResponse {
  readonly booking: BookingResponse;
}

export interface DeclineOfferResponse {
  readonly waitingEntry: EntryResponse;
}
