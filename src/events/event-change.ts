import { DomainError } from '../platform/errors/index.js';
import { Injectable } from '@nestjs/common';
import {
  AllocationEngine,
  type CommandRequest,
  refusalError,
  SectionDirectory,
} from '../allocation/index.js';
import { type Replayable, runOnce } from '../platform/idempotency/index.js';
import { Clock } from '../platform/common/index.js';
import type { RequestContext } from '../platform/http/index.js';
import { type Transaction, TransactionRunner } from '../platform/database/index.js';
import { type EventMessageType, type EventRows, EventStore } from './event-store.js';
import { eventResponse } from './event.mappers.js';
import type { WholeEvent } from './events.repository.js';
import type { EventResponse } from './dto/event.dto.js';

/** What is to become of an event. */
export interface Decision extends EventRows {
  readonly type: EventMessageType;
  /** About its sections; one that is refused undoes everything. */
  readonly commands: readonly CommandRequest[];
}

/** What most changes leave alone. */
export const NOTHING_ELSE = {
  sectionTexts: [],
  newSections: [],
  newSeats: [],
  capacitiesWanted: [],
  isEnding: false,
} as const;

/** An event as it is after a change. */
export interface ChangedEvent {
  readonly event: EventResponse;
  /** Version of what can be edited: its ETag. */
  readonly revision: number;
}

export interface ChangeRequest {
  readonly id: string;
  readonly context: RequestContext;
  /**
   * @returns undefined if it is so already
   * @throws {DomainError} if it may not be
   */
  readonly decide: (current: WholeEvent, now: Date) => Decision | undefined;
}

interface Result {
  readonly answer: Replayable<ChangedEvent>;
  readonly sectionIds: readonly string[];
  /** A message of this change: its row proves the commit. */
  readonly proof: string | undefined;
}

/**
 * Changes a whole event in one transaction: all its sections are locked first, then it is looked at,
 * then everything is written. Bookings wait for as long as that takes, and editors for each other.
 */
@Injectable()
export class EventChange {
  constructor(
    private readonly transactions: TransactionRunner,
    private readonly clock: Clock,
    private readonly engine: AllocationEngine,
    private readonly store: EventStore,
    private readonly directory: SectionDirectory,
  ) {}

  /** @throws {DomainError} `event_not_found`, what `decide` throws, a refusal, or a transaction's end */
  async make(attempt: ChangeRequest): Promise<Replayable<ChangedEvent>> {
    const { answer } = await this.transactions.run<Result>(
      'events.change',
      (tx) => this.change(tx, attempt),
      (tx, result) => this.hasHappened(tx, result),
    );
    this.directory.forget(attempt.id);
    return answer;
  }

  private async change(tx: Transaction, { id, context, decide }: ChangeRequest): Promise<Result> {
    const own = { organiserId: context.organiserId, eventId: id };
    const sectionIds = await this.store.sectionIds(tx, own);
    if (sectionIds.length === 0) throw new DomainError('event_not_found');
    const current = await this.store.lock(tx, own, sectionIds);
    const now = this.clock.now();
    let proof: string | undefined;
    const answer = await runOnce({ tx, claim: context.idempotencyKey, now }, async () => {
      const decision = decide(current, now);
      if (decision !== undefined) proof = await this.carryOut(tx, decision);
      const { event, sections } = decision === undefined ? current : await this.store.read(tx, id);
      return { event: eventResponse(event, sections), revision: event.version };
    });
    return { answer, sectionIds, proof };
  }

  private async carryOut(tx: Transaction, decision: Decision): Promise<string> {
    const { commands, type } = decision;
    const { results } = await this.engine.runIn(tx, commands);
    for (const { outcome } of results) {
      if (outcome.kind === 'refused') throw refusalError(outcome.refusal);
    }
    return this.store.write(tx, decision, type);
  }

  /** Nothing to prove is nothing changed: an earlier attempt, or an event that was so already. */
  private hasHappened(tx: Transaction, { sectionIds, proof }: Result): Promise<boolean> {
    return proof === undefined ? Promise.resolve(true) : this.store.isThere(tx, sectionIds, proof);
  }
}
