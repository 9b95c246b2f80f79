import { Injectable } from '@nestjs/common';
import { SectionsRepository } from '../storage/sections.repository.js';
import { type Change, type Transaction, write } from '../../platform/database/index.js';
import { outboxInsert } from '../../platform/outbox/index.js';
import { remember } from '../../platform/idempotency/index.js';
import { UsersRepository } from '../../users/index.js';
import { WaitlistRepository } from '../storage/waitlist.repository.js';
import type { Batch } from './batch-loader.js';
import { BookingsRepository } from '../storage/bookings.repository.js';
import type { Desk, Message } from '../core/section-state.js';
import { HoldsRepository } from '../storage/holds.repository.js';

/** The write step: what the rules left behind, in one round trip unless it is very much. */
@Injectable()
export class BatchWriter {
  constructor(
    private readonly users: UsersRepository,
    private readonly bookings: BookingsRepository,
    private readonly holds: HoldsRepository,
    private readonly waitlist: WaitlistRepository,
    private readonly sections: SectionsRepository,
  ) {}

  /** @returns the messages that went into the outbox; none if no place changed hands */
  async write(tx: Transaction, batch: Batch): Promise<readonly Message[]> {
    const { now } = batch;
    const desks = [...batch.desks.values()];
    const messages = desks.flatMap((desk) => desk.messages);
    await write(tx, [
      ...remember(batch.attempts.made, now),
      ...this.changes(batch, desks, now),
      ...this.sections.takeLimitTurns(limitTurns(batch)),
      ...outboxInsert(messages),
    ]);
    return messages;
  }

  private changes(batch: Batch, desks: readonly Desk[], now: Date): Change[] {
    const ledgers = desks.map(({ ledger, section }) => {
      return { ...ledger.changes(), isSeated: section.now.isSeated };
    });
    const holds = desks.map((desk) => desk.holds.changes());
    const lines = desks.map((desk) => desk.line.changes());
    const present = new Set([
      ...ledgers.flatMap((ledger) => ledger.madeBookings.map((booking) => booking.userId)),
      ...lines.flatMap((line) => line.joined.map((entry) => entry.userId)),
      ...holds.flatMap((changes) => changes.made.map((hold) => hold.userId)),
    ]);
    // Who was refused leaves no trace: a refusal changes nothing.
    const newcomers = batch.users.filter((user) => user.isNew && present.has(user.id));
    return [
      ...this.users.insert(newcomers, now),
      ...this.bookings.save(ledgers, now),
      ...this.holds.save(holds, now),
      ...this.waitlist.save(lines, now),
      ...this.sections.save(
        desks.map((desk) => desk.section),
        desks.flatMap((desk) => desk.seats.changes()),
      ),
    ];
  }
}

/** A lock that nothing is written under protects nothing on a cluster. */
function limitTurns({ desks, limitLocks }: Batch): string[] {
  const changed = [...desks.values()].filter(({ section }) => section.isChanged);
  if (changed.length === 0) return [];
  return limitLocks.filter((id) => !changed.some(({ section }) => section.now.id === id));
}
