import { Injectable } from '@nestjs/common';
import { SectionsRepository } from '../storage/sections.repository.js';
import { type Change, type Transaction, executeAll } from '../../platform/database/index.js';
import { outboxInsert } from '../../platform/outbox/index.js';
import { storeResults } from '../../platform/idempotency/index.js';
import { UsersRepository } from '../../users/index.js';
import { WaitlistRepository } from '../storage/waitlist.repository.js';
import type { Batch } from './batch-loader.js';
import { BookingsRepository } from '../storage/bookings.repository.js';
import type { SectionState, Message } from '../core/section-state.js';
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
    const states = [...batch.sections.values()];
    const messages = states.flatMap((state) => state.messages);
    await executeAll(tx, [
      ...storeResults(batch.replays.made, now),
      ...this.changes(batch, states, now),
      ...this.sections.countLimitLocks(limitTurns(batch)),
      ...outboxInsert(messages),
    ]);
    return messages;
  }

  private changes(batch: Batch, states: readonly SectionState[], now: Date): Change[] {
    const ledgers = states.map(({ bookings: ledger, section }) => {
      return { ...ledger.changes(), isSeated: section.row.isSeated };
    });
    const holds = states.map((state) => state.holds.changes());
    const lines = states.map((state) => state.waitlist.changes());
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
        states.map((state) => state.section),
        states.flatMap((state) => state.seats.changes()),
      ),
    ];
  }
}

/** A lock that nothing is written under protects nothing on a cluster. */
function limitTurns({ sections: states, limitLocks }: Batch): string[] {
  const changed = [...states.values()].filter(({ section }) => section.isChanged);
  if (changed.length === 0) return [];
  return limitLocks.filter((id) => !changed.some(({ section }) => section.row.id === id));
}
