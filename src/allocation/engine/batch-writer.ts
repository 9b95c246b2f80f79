import { Injectable } from '@nestjs/common';
import { uuidV7 } from '../../platform/common/index.js';
import { type Change, executeAll, type Transaction } from '../../platform/database/index.js';
import { storeResults } from '../../platform/idempotency/index.js';
import { outboxInsert, type OutboxRow } from '../../platform/outbox/index.js';
import { UsersRepository } from '../../users/index.js';
import type { SectionState } from '../core/section-state.js';
import { BookingsRepository } from '../storage/bookings.repository.js';
import { HoldsRepository } from '../storage/holds.repository.js';
import { SectionsRepository } from '../storage/sections.repository.js';
import { saveCounts } from '../storage/waitlist-counts.js';
import { WaitlistRepository } from '../storage/waitlist.repository.js';
import type { LockedBatch } from './batch-lock.js';

/** The write step: writes what the rules have changed, in one round trip unless it is very much. */
@Injectable()
export class BatchWriter {
  constructor(
    private readonly users: UsersRepository,
    private readonly bookings: BookingsRepository,
    private readonly holds: HoldsRepository,
    private readonly waitlist: WaitlistRepository,
    private readonly sections: SectionsRepository,
  ) {}

  /** @returns the id of a row added to the outbox; undefined if no place changed hands */
  async write(
    tx: Transaction,
    batch: LockedBatch,
    states: readonly SectionState[],
    now: Date,
  ): Promise<string | undefined> {
    const outboxRows = states.flatMap((state) => outboxRowOf(state, now) ?? []);
    await executeAll(tx, [
      ...storeResults(batch.replays.added, now),
      ...this.changesOf(batch, states, now),
      ...this.sections.countLimitLocks(unwrittenLimitLocks(batch, states)),
      ...outboxInsert(outboxRows),
    ]);
    return outboxRows[0]?.id;
  }

  private changesOf({ users }: LockedBatch, states: readonly SectionState[], now: Date): Change[] {
    const bookings = states.map((state) => {
      return { ...state.bookings.changes(), isSeated: state.section.row.isSeated };
    });
    const holds = states.map((state) => state.holds.changes());
    const waitlists = states.map((state) => state.waitlist.changes());
    const owners = new Set([
      ...bookings.flatMap(({ newBookings }) => newBookings.map(({ userId }) => userId)),
      ...waitlists.flatMap(({ joined }) => joined.map(({ userId }) => userId)),
      ...holds.flatMap(({ added }) => added.map(({ userId }) => userId)),
    ]);
    // A refusal changes nothing: not even a user is added.
    const newUsers = users.filter(({ id, isNew }) => isNew && owners.has(id));
    return [
      ...this.users.insert(newUsers, now),
      ...this.bookings.save(bookings, now),
      ...this.holds.save(holds, now),
      ...this.waitlist.save(waitlists, now),
      ...saveCounts(states.map(({ section }, index) => ({ section, changes: waitlists[index]! }))),
      ...this.sections.save(
        states.map(({ section }) => section),
        states.flatMap(({ seats }) => seats.changes()),
      ),
    ];
  }
}

function outboxRowOf({ section, messages }: SectionState, now: Date): OutboxRow | undefined {
  const [first] = messages;
  if (first === undefined) return undefined;
  const { id: sectionId, eventId } = section.row;
  return { id: uuidV7(), eventId, sectionId, sequence: first.sequence, messages, createdAt: now };
}

/** On a cluster, a locked row protects nothing unless it is written. */
function unwrittenLimitLocks(
  { limitLocks }: LockedBatch,
  states: readonly SectionState[],
): string[] {
  const changed = states.filter(({ section }) => section.isChanged);
  if (changed.length === 0) return [];
  const written = new Set(changed.map(({ section }) => section.row.id));
  return limitLocks.filter((id) => !written.has(id));
}
