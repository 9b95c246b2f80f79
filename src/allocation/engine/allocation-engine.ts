import { Injectable } from '@nestjs/common';
import { Clock, groupBy, uuidV7 } from '../../platform/common/index.js';
import { type Transaction, TransactionRunner } from '../../platform/database/index.js';
import type { Command } from '../core/commands.js';
import { decide } from '../core/decide.js';
import type { SectionBatch } from '../core/loading/load-requirements.js';
import { type Outcome, refused } from '../core/outcomes.js';
import { expireOverdue } from '../core/rules/expire.js';
import type { Message, SectionState } from '../core/section-state.js';
import { BatchLock, type LockedBatch } from './batch-lock.js';
import { BatchWriter } from './batch-writer.js';
import { CommandCounts } from './command-counts.js';
import type { CommandRequest, CommandResult } from './command-request.js';
import { SectionStateLoader } from './section-state-loader.js';

export interface BatchResult {
  /** One for each request, in the same order. */
  readonly results: readonly CommandResult[];
  /** Id of an outbox row of this batch, which proves the commit. None if no place changed hands. */
  readonly proof: string | undefined;
}

/**
 * Runs a batch: lock → load → decide → write → commit. The number of round trips does not depend on
 * the number of commands.
 */
@Injectable()
export class AllocationEngine {
  /** Outcomes of all commands, for the metrics. */
  readonly counts = new CommandCounts();

  /** Tests replace it. */
  readonly newId = (): string => uuidV7();

  constructor(
    private readonly transactions: TransactionRunner,
    private readonly clock: Clock,
    private readonly lock: BatchLock,
    private readonly loader: SectionStateLoader,
    private readonly writer: BatchWriter,
  ) {}

  /**
   * Runs commands in the given order, in one transaction.
   *
   * @returns one result for each request, in the same order; a refusal is an outcome
   * @throws {DomainError} if the transaction as a whole did not happen, or may not have
   */
  async run(requests: readonly CommandRequest[]): Promise<readonly CommandResult[]> {
    const { results } = await this.transactions.run<BatchResult>(
      'bookings.batch',
      (tx) => this.runIn(tx, requests),
      (tx, { proof }) => this.lock.isCommitted(tx, requests, proof),
    );
    return results;
  }

  /** Opens a connection and runs the steps once, so that the first request does not wait for that. */
  async warmUp(): Promise<void> {
    await this.transactions.run('bookings.warm-up', (tx) => this.apply(tx, [TO_NO_SECTION]));
  }

  /** As `run`, within a larger transaction that has locked no sections but these. */
  async runIn(tx: Transaction, requests: readonly CommandRequest[]): Promise<BatchResult> {
    if (requests.length === 0) return { results: [], proof: undefined };
    const { results, proof, messages } = await this.apply(tx, requests);
    tx.afterCommit(() => this.counts.add(requests, results, messages));
    return { results, proof };
  }

  private async apply(
    tx: Transaction,
    requests: readonly CommandRequest[],
  ): Promise<BatchResult & { readonly messages: readonly Message[] }> {
    const batch = await this.lock.acquire(tx, requests, this.newId);
    // Read after the wait for the lock: until now, holds may have expired.
    const context = { now: this.clock.now(), newId: this.newId };
    const states = await this.loader.load(tx, sectionBatches(batch), context);
    const results = decideAll(requests, batch, states);
    const proof = await this.writer.write(tx, batch, states, context.now);
    return { results, proof, messages: states.flatMap((state) => state.messages) };
  }
}

const NO_ID = '00000000-0000-0000-0000-000000000000';

const TO_NO_SECTION: CommandRequest = {
  kind: 'book',
  sectionId: NO_ID,
  person: { organiserId: NO_ID, identifier: 'nobody' },
  quantity: 1,
  onSoldOut: 'wait',
};

/** The commands, by section; sections that do not exist are left out. */
function sectionBatches({ commands, sections }: LockedBatch): SectionBatch[] {
  return [...groupBy(commands, ({ sectionId }) => sectionId)].flatMap(([id, ofSection]) => {
    const section = sections.get(id);
    return section === undefined ? [] : { section, commands: ofSection };
  });
}

function decideAll(
  requests: readonly CommandRequest[],
  { commands, replays }: LockedBatch,
  states: readonly SectionState[],
): CommandResult[] {
  for (const state of states) expireOverdue(state);
  const byId = new Map(states.map((state) => [state.section.row.id, state]));
  return commands.map((command, index) => {
    const { idempotencyKey } = requests[index]!;
    return replays.once(idempotencyKey, () => decideIn(byId.get(command.sectionId), command));
  });
}

const decideIn = (state: SectionState | undefined, command: Command): Outcome =>
  state === undefined ? refused({ code: 'event_not_found' }) : decide(state, command);
