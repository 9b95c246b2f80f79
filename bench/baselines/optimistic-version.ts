import { ConflictException, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { type BookAnswer, type BookingRequest, Strategy } from './shared/booking-api.js';
import { Section } from './shared/entities.js';
import { serve } from './shared/nest-service.js';
import { VersionConflict, withRetries } from './shared/retry.js';
import { findOrInsertUser, insertBooking } from './shared/rows.js';
import { SectionLookup } from './shared/section-lookup.js';

/**
 * Reads without a lock and starts again if the version has changed at the write. This works while conflicts
 * are rare. On a hot row, one attempt wins and all others have done their work in vain.
 */
@Injectable()
class OptimisticVersion extends Strategy {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly sections: SectionLookup,
  ) {
    super();
  }

  override async book({ eventId, identifier, quantity = 1 }: BookingRequest): Promise<BookAnswer> {
    const id = await this.sections.idOf(eventId);
    return withRetries(() =>
      this.dataSource.transaction(async (manager) => {
        // On the transaction's own connection: the row would be stale after waiting for a second one.
        const seen = await manager.findOneByOrFail(Section, { id });
        if (seen.waiting > 0 || seen.available < quantity) throw new ConflictException('sold out');
        await takeTickets(manager, seen, quantity);
        const userId = await findOrInsertUser(manager, identifier);
        return insertBooking(manager, seen, userId, { quantity, sequence: seen.version + 1 });
      }),
    );
  }
}

/**
 * Must run before the INSERTs: their foreign key takes a shared lock on the section's row, and two
 * transactions that hold the shared lock and then both update the row deadlock.
 */
async function takeTickets(manager: EntityManager, seen: Section, quantity: number): Promise<void> {
  const { affected } = await manager.update(
    Section,
    { id: seen.id, version: seen.version },
    {
      available: seen.available - quantity,
      booked: seen.booked + quantity,
      bookings: seen.bookings + 1,
      version: seen.version + 1,
    },
  );
  if (affected !== 1) throw new VersionConflict();
}

void serve(OptimisticVersion);
