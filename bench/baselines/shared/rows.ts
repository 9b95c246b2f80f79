import type { EntityManager } from 'typeorm';
import { uuidV7 } from '../../../src/platform/common/uuid-v7.js';
import type { BookAnswer } from './contract.js';
import { Booking, OutboxMessage, type Section, Ticket, User, WaitlistEntry } from './entities.js';

type Place = Pick<Section, 'id' | 'eventId'>;

/** The rows of a confirmed booking. `sequence` is the section's version that it makes. */
export async function insertBooking(
  manager: EntityManager,
  section: Place,
  userId: string,
  made: { quantity: number; sequence: number; waitlistEntryId?: string },
): Promise<BookAnswer & { waitlisted: false }> {
  const { quantity, sequence, waitlistEntryId = null } = made;
  const owner = { eventId: section.eventId, sectionId: section.id };
  const booking = { id: uuidV7(), ...owner, userId, quantity, waitlistEntryId };
  await manager.insert(Booking, {
    ...booking,
    status: 'CONFIRMED',
    createdAt: new Date(),
    cancelledAt: null,
  });
  const tickets = Array.from({ length: quantity }, () => ({
    id: uuidV7(),
    eventId: section.eventId,
    status: 'BOOKED' as const,
  }));
  await manager.insert(
    Ticket,
    tickets.map((ticket) => ({ ...ticket, bookingId: booking.id, cancelledAt: null })),
  );
  const payload = { bookingId: booking.id, userId, quantity, waitlistEntryId };
  await insertMessage(manager, section, sequence, 'booking.confirmed', payload);
  return {
    waitlisted: false,
    bookingId: booking.id,
    tickets: tickets.map((ticket) => ({ ...ticket, userId })),
  };
}

export async function insertWaiting(
  manager: EntityManager,
  section: Place,
  userId: string,
  joined: { quantity: number; sequence: number; seq: number; position: number },
): Promise<BookAnswer> {
  const { quantity, sequence, seq, position } = joined;
  const entry = { id: uuidV7(), eventId: section.eventId, userId, quantity };
  await manager.insert(WaitlistEntry, {
    ...entry,
    sectionId: section.id,
    waitingUserId: userId,
    seq,
    status: 'WAITING',
    createdAt: new Date(),
    endedAt: null,
  });
  const payload = { entryId: entry.id, userId, quantity };
  await insertMessage(manager, section, sequence, 'waitlist.joined', payload);
  return { waitlisted: true, waitingEntry: { ...entry, position, status: 'WAITING' } };
}

export async function insertMessage(
  manager: EntityManager,
  section: Place,
  sequence: number,
  type: string,
  payload: object,
): Promise<void> {
  await manager.insert(OutboxMessage, {
    id: uuidV7(),
    eventId: section.eventId,
    sectionId: section.id,
    sequence,
    type,
    payload: JSON.stringify(payload),
    createdAt: new Date(),
  });
}

/** @returns the id of the person, whose row is made at the first booking */
export async function findOrInsertUser(
  manager: EntityManager,
  identifier: string,
): Promise<string> {
  const known = await manager.findOne(User, { where: { identifier } });
  if (known !== null) return known.id;
  const id = uuidV7();
  await manager.insert(User, { id, identifier, createdAt: new Date() });
  return id;
}
