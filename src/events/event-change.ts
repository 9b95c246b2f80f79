import { DomainError } from '../platform/errors/index.js';
import { Injectable } from '@nestjs/common';
import {
  AllocationEngine,
  type CommandRequest,
  refusalError,
  SectionDirectory,
} from '../allocation/index.js';
import { type Replayable, runOnce } from '../platform/idempotency/index.js';
import type { Actor } from '../platform/common/index.js';
import type { RequestContext } from '../platform/http/index.js';
import { type Moment, type Transaction, TransactionRunner } from '../platform/database/index.js';
import type { EventMessageType } from './event-message.js';
import { type EventRows, EventStore } from './event-store.js';
import { toEventResponse } from './event.mappers.js';
import type { WholeEvent } from './events.repository.js';
import type { EventResponse } from './dto/event.dto.js';

/** The rows that a change writes. */
export interface Decision extends EventRows {
  readonly type: EventMessageType;
  /** For its sections; a refusal of one undoes the whole change. */
  readonly commands: readonly CommandRequest[];
}

/** The parts of a decision that most changes do not need. */
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
  /** Counts edits: its ETag. */
  readonly revision: number;
}

export interface ChangeRequest {
  readonly id: string;
  readonly context: RequestContext;
  /**
   * @returns undefined if there is nothing to change
   * @throws {DomainError} if the change is not allowed
   */
  readonly decide: (current: WholeEvent, moment: Moment) => Decision | undefined;
}

interface Result {
  readonly response: Replayable<ChangedEvent>;
  readonly sectionIds: readonly string[];
  /** Id of the outbox row of this change, which proves the commit. */
  readonly proof: string | undefined;
}

/**
 * Changes a whole event in one transaction: locks all its sections, reads it, then writes everything.
 * Bookings of the event and other edits wait until the end.
 */
@Injectable()
export class EventChange {
  constructor(
    private readonly transactions: TransactionRunner,
    private readonly engine: AllocationEngine,
    private readonly store: EventStore,
    private readonly directory: SectionDirectory,
  ) {}

  /** @throws {DomainError} `event_not_found`, an error of `decide`, a refusal, or an error of the transaction */
  async make(asked: ChangeRequest): Promise<Replayable<ChangedEvent>> {
    const context = await this.directory.actingFor(asked.context, asked.id);
    const request = { ...asked, context };
    const { response } = await this.transactions.run<Result>(
      'events.change',
      (tx) => this.change(tx, request),
      (tx, result) => this.isCommitted(tx, result),
    );
    this.directory.forget(request.id);
    return response;
  }

  private async change(tx: Transaction, { id, context, decide }: ChangeRequest): Promise<Result> {
    const own = { organiserId: context.organiserId, eventId: id };
    const sectionIds = await this.store.sectionIds(tx, own);
    if (sectionIds.length === 0) throw new DomainError('event_not_found');
    const { moment, ...current } = await this.store.lock(tx, own, sectionIds);
    const { now } = moment;
    let proof: string | undefined;
    const response = await runOnce({ tx, key: context.idempotencyKey, now }, async () => {
      const decision = decide(current, moment);
      if (decision !== undefined) proof = await this.write(tx, decision, context.actor);
      const { event, sections } = decision === undefined ? current : await this.store.read(tx, id);
      return { event: toEventResponse(event, sections), revision: event.version };
    });
    return { response, sectionIds, proof };
  }

  private async write(tx: Transaction, decision: Decision, actor: Actor): Promise<string> {
    await this.store.writeTexts(tx, decision.sectionTexts);
    const commands = decision.commands.map((command) => ({ ...command, actor }));
    const { results } = await this.engine.runIn(tx, commands);
    for (const { outcome } of results) {
      if (outcome.kind === 'refused') throw refusalError(outcome.refusal);
    }
    return this.store.write(tx, decision, actor);
  }

  /** Without a proof nothing was changed: a replay, or an event that needed no change. */
  private isCommitted(tx: Transaction, { sectionIds, proof }: Result): Promise<boolean> {
    return proof === undefined
      ? Promise.resolve(true)
      : this.store.isInOutbox(tx, sectionIds, proof);
  }
}
