import { ConflictException, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { type BookAnswer, type PersonAtEvent, Strategy } from './shared/contract.js';
import { serve } from './shared/nest-service.js';
import { retrying } from './shared/retry.js';
import { findOrInsertUser, insertBooking } from './shared/rows.js';
import { SectionOf } from './shared/section-of.js';

/** LAST_INSERT_ID(…) hands the new version back with the UPDATE: no second look at the row. */
const TAKE_PLACES = `
  UPDATE sections
     SET available = available - ?, booked = booked + ?, bookings = bookings + 1,
         version = LAST_INSERT_ID(version + 1)
   WHERE id = ? AND available >= ? AND waiting = 0`;

/**
 * Check and decrement in one statement, so there is nothing to read under the lock and no race to
 * lose. The row is still locked from the UPDATE to the end of the COMMIT.
 */
@Injectable()
class ConditionalUpdate extends Strategy {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly sectionOf: SectionOf,
  ) {
    super();
  }

  override async book({ eventId, identifier, quantity = 1 }: PersonAtEvent): Promise<BookAnswer> {
    const id = await this.sectionOf.event(eventId);
    return retrying(() =>
      this.dataSource.transaction(async (manager) => {
        const taken = await manager.query<{ affectedRows: number; insertId: number }>(TAKE_PLACES, [
          quantity,
          quantity,
          id,
          quantity,
        ]);
        if (taken.affectedRows !== 1) throw new ConflictException('sold out');
        const userId = await findOrInsertUser(manager, identifier);
        const made = { quantity, sequence: taken.insertId };
        return insertBooking(manager, { id, eventId }, userId, made);
      }),
    );
  }
}

void serve(ConditionalUpdate);
