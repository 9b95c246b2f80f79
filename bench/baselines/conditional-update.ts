import { ConflictException, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { type BookAnswer, type BookingRequest, Strategy } from './shared/booking-api.js';
import { serve } from './shared/nest-service.js';
import { withRetries } from './shared/retry.js';
import { findOrInsertUser, insertBooking } from './shared/rows.js';
import { SectionLookup } from './shared/section-lookup.js';

/** LAST_INSERT_ID(…) returns the new version with the UPDATE, which saves a SELECT. */
const TAKE_TICKETS = `
  UPDATE sections
     SET available = available - ?, booked = booked + ?, bookings = bookings + 1,
         version = LAST_INSERT_ID(version + 1)
   WHERE id = ? AND available >= ? AND waiting = 0`;

/**
 * Checks and decrements in one statement, so nothing is read under the lock and no race can be lost. The row
 * is still locked from the UPDATE to the end of the COMMIT.
 */
@Injectable()
class ConditionalUpdate extends Strategy {
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
        const taken = await manager.query<{ affectedRows: number; insertId: number }>(
          TAKE_TICKETS,
          [quantity, quantity, id, quantity],
        );
        if (taken.affectedRows !== 1) throw new ConflictException('sold out');
        const userId = await findOrInsertUser(manager, identifier);
        const made = { quantity, sequence: taken.insertId };
        return insertBooking(manager, { id, eventId }, userId, made);
      }),
    );
  }
}

void serve(ConditionalUpdate);
