import { Injectable, NotFoundException } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import {
  type BookAnswer,
  type CancelAnswer,
  type BookingRequest,
  Strategy,
} from './shared/booking-api.js';
import { Booking, Section, Ticket, WaitlistEntry } from './shared/entities.js';
import { serve } from './shared/nest-service.js';
import { withRetries } from './shared/retry.js';
import { findOrInsertUser, insertBooking, insertMessage, insertWaiting } from './shared/rows.js';
import { SectionLookup } from './shared/section-lookup.js';

/**
 * The textbook way: lock the row, read, write, commit. Correct, and common in services of this kind. Each
 * booking at an event waits for the commits of all earlier ones.
 */
@Injectable()
class OneTransactionPerBooking extends Strategy {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly sections: SectionLookup,
  ) {
    super();
  }

  override async book({ eventId, identifier, quantity = 1 }: BookingRequest): Promise<BookAnswer> {
    const sectionId = await this.sections.idOf(eventId);
    return this.inTransaction(async (manager) => {
      const section = await lockSection(manager, sectionId);
      const userId = await findOrInsertUser(manager, identifier);
      const mustWait = section.waiting > 0 || section.available < quantity;
      section.version += 1;
      const sequence = section.version;
      if (mustWait) {
        section.waiting += 1;
        section.lastSeq += 1;
        const place = { seq: section.lastSeq, position: section.waiting };
        const joined = { quantity, sequence, ...place };
        const answer = await insertWaiting(manager, section, userId, joined);
        await saveSection(manager, section);
        return answer;
      }
      const answer = await insertBooking(manager, section, userId, { quantity, sequence });
      take(section, quantity);
      await saveSection(manager, section);
      return answer;
    });
  }

  override async cancel({ eventId, identifier }: BookingRequest): Promise<CancelAnswer> {
    const sectionId = await this.sections.idOf(eventId);
    return this.inTransaction(async (manager) => {
      const section = await lockSection(manager, sectionId);
      const userId = await findOrInsertUser(manager, identifier);
      const ticketId = await cancelBooking(manager, section, userId);
      await promoteHead(manager, section);
      await saveSection(manager, section);
      const ticket = { id: ticketId, eventId, userId, status: 'CANCELLED' as const };
      return { ticket, tickets: [ticket] };
    });
  }

  private inTransaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return withRetries(() => this.dataSource.transaction(work));
  }
}

const lockSection = (manager: EntityManager, id: string): Promise<Section> =>
  manager.findOneOrFail(Section, { where: { id }, lock: { mode: 'pessimistic_write' } });

async function saveSection(manager: EntityManager, section: Section): Promise<void> {
  const { booked, available, bookings, waiting, lastSeq, version } = section;
  const counters = { booked, available, bookings, waiting, lastSeq, version };
  await manager.update(Section, { id: section.id }, counters);
}

function take(section: Section, quantity: number): void {
  section.available -= quantity;
  section.booked += quantity;
  section.bookings += 1;
}

async function cancelBooking(
  manager: EntityManager,
  section: Section,
  userId: string,
): Promise<string> {
  const booking = await manager.findOne(Booking, {
    where: { sectionId: section.id, userId, status: 'CONFIRMED' },
    order: { id: 'DESC' },
  });
  if (booking === null) throw new NotFoundException('This person has no booking.');
  const ticket = await manager.findOneByOrFail(Ticket, {
    bookingId: booking.id,
    status: 'BOOKED',
  });
  const cancelled = { status: 'CANCELLED', cancelledAt: new Date() } as const;
  await manager.update(Ticket, { id: ticket.id }, cancelled);
  await manager.update(Booking, { id: booking.id }, { ...cancelled, quantity: 0 });
  section.available += 1;
  section.booked -= 1;
  section.bookings -= 1;
  section.version += 1;
  const payload = { bookingId: booking.id, userId, quantity: 1, ended: true };
  await insertMessage(manager, section, section.version, 'booking.cancelled', payload);
  return ticket.id;
}

/** Runs in the transaction that freed the ticket. Writes only the head's row: nothing is renumbered. */
async function promoteHead(manager: EntityManager, section: Section): Promise<void> {
  const head = await manager.findOne(WaitlistEntry, {
    where: { sectionId: section.id, status: 'WAITING' },
    order: { seq: 'ASC' },
  });
  if (head === null || head.quantity > section.available) return;
  const { id: entryId, userId, quantity } = head;
  await manager.update(
    WaitlistEntry,
    { id: entryId },
    { status: 'PROMOTED', waitingUserId: null, endedAt: new Date() },
  );
  const made = { quantity, sequence: section.version + 1, waitlistEntryId: entryId };
  const { bookingId } = await insertBooking(manager, section, userId, made);
  section.version += 2;
  const payload = { entryId, userId, bookingId, quantity };
  await insertMessage(manager, section, section.version, 'waitlist.promoted', payload);
  section.waiting -= 1;
  take(section, quantity);
}

void serve(OneTransactionPerBooking);
