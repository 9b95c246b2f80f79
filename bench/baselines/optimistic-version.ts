import { ConflictException, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { type BookAnswer, type PersonAtEvent, Strategy } from './shared/contract.js';
import { Section } from './shared/entities.js';
import { serve } from './shared/nest-service.js';
import { LostRace, retrying } from './shared/retry.js';
import { findOrInsertUser, insertBooking } from './shared/rows.js';
import { SectionOf } from './shared/section-of.js';

/**
 * Nobody locks for reading; whoever finds the version changed when he writes begins again. Fine while
 * two rarely meet. On a hot row one of all who try wins and the others have worked for nothing.
 */
@Injectable()
class OptimisticVersion extends Strategy {
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
        // On the transaction's own connection: waiting for a second one would make it old news.
        const seen = await manager.findOneByOrFail(Section, { id });
        if (seen.waiting > 0 || seen.available < quantity) throw new ConflictException('sold out');
        await takePlaces(manager, seen, quantity);
        const userId = await findOrInsertUser(manager, identifier);
        return insertBooking(manager, seen, userId, { quantity, sequence: seen.version + 1 });
      }),
    );
  }
}

/**
 * Before the INSERTs, not after: their foreign key locks the section's row for sharing, and two who
 * both share it and then both want to write it are a deadlock.
 */
async function takePlaces(manager: EntityManager, seen: Section, quantity: number): Promise<void> {
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
  if (affected !== 1) throw new LostRace();
}

void serve(OptimisticVersion);
