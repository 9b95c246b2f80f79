import { type OutcomeOf, priceOfPlaces } from '../allocation/index.js';
import type { DeclineOfferResponse, EntryResponse } from './waitlist.dto.js';
import { toIso } from '../bookings/index.js';
import type { EntryRow } from './waitlist.queries.js';

/** An entry as it is at a moment: EXPIRED once its offer is, even if its row still says OFFERED. */
export function toEntryAt(row: EntryRow, now: Date): EntryResponse {
  const { id, eventId, sectionId, userId, quantity, createdAt, holdId, expiresAt } = row;
  const { price, bookingId } = row;
  const isOver = expiresAt !== null && expiresAt <= now;
  const status = isOver ? 'EXPIRED' : row.status;
  const endedAt = isOver ? expiresAt : row.endedAt;
  const isOffered = status === 'OFFERED' && holdId !== null && expiresAt !== null;
  return {
    id,
    eventId,
    sectionId,
    userId,
    quantity,
    status,
    position: status === 'WAITING' ? row.position : null,
    createdAt: toIso(createdAt),
    endedAt: endedAt === null ? null : toIso(endedAt),
    offer: isOffered
      ? { holdId, expiresAt: toIso(expiresAt), price: priceOfPlaces(price, quantity) }
      : null,
    bookingId,
  };
}

export function toDeclineOfferResponse({ entry, at }: OutcomeOf<'declined'>): DeclineOfferResponse {
  const { id, eventId, sectionId, userId, quantity, status, createdAt } = entry;
  const place = { id, eventId, sectionId, userId, quantity, status, position: null };
  const times = { createdAt: toIso(createdAt), endedAt: toIso(at) };
  return { waitingEntry: { ...place, ...times, offer: null, bookingId: null } };
}
