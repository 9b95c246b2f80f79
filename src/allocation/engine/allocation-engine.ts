import { Injectable } from '@nestjs/common';
import { type Actor, groupBy, uuidV7 } from '../../platform/common/index.js';
import {
  executeAll,
  type Moment,
  runAgain,
  type Transaction,
  TransactionRunner,
} from '../../platform/database/index.js';
import { passingResult } from '../../platform/idempotency/index.js';
import type { Command } from '../core/commands.js';
import { decide } from '../core/decide.js';
import type { SectionBatch } from '../core/loading/load-requirements.js';
import { type Outcome, refused } from '../core/outcomes.js';
import { expireOverdue } from '../core/rules/expire.js';
import type { Message, SectionState } from '../core/section-state.js';
import { CountersError } from '../core/state/counters-error.js';
import { BatchLock, type LockedBatch } from './batch-lock.js';
import { BatchWriter } from './batch-writer.js';
import { CommandCounts } from './command-counts.js';
import type { CommandRequest, CommandResult } from './command-request.js';
import { SectionStateLoader } from './section-state-loader.js';
import { tellingCounters } from './violated-counters.js';
import { WriteWatch } from './write-watch.js';

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

  readonly writes = new WriteWatch(() => this.tryWrite());
  private writtenAt = -Infinity;

  /** For users, whose order does not matter. Tests replace both. */
  readonly newId = (): string => uuidV7();
  readonly newIdsAt = ({ newId }: Moment): (() => string) => newId;

  constructor(
    private readonly transactions: TransactionRunner,
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
    try {
      const { results } = await this.transactions.run<BatchResult>(
        'bookings.batch',
        (tx) => this.runUncounted(tx, requests),
        (tx, { proof }) => this.lock.isCommitted(tx, requests, proof),
      );
      this.writes.noteCommit();
      return results;
    } catch (error) {
      this.writes.noteError(error);
      // A larger batch is tried again in parts, down to the command that fails.
      if (requests.length === 1) this.noteCounters(error);
      throw error;
    }
  }

  private tryWrite(): Promise<void> {
    const changes = passingResult(new Date());
    return this.transactions.run('bookings.trial', (tx) => executeAll(tx, changes), runAgain);
  }

  /** How long ago a batch that wrote something was committed. */
  get writtenMsAgo(): number {
    return performance.now() - this.writtenAt;
  }

  /** Opens a connection and runs the steps once, so that the first request does not wait for that. */
  async warmUp(): Promise<void> {
    await this.transactions.run('bookings.warm-up', (tx) => this.apply(tx, [TO_NO_SECTION]));
  }

  /** As `run`, within a larger transaction that has locked no sections but these. */
  async runIn(tx: Transaction, requests: readonly CommandRequest[]): Promise<BatchResult> {
    try {
      return await this.runUncounted(tx, requests);
    } catch (error) {
      this.noteCounters(error);
      throw error;
    }
  }

  private noteCounters(error: unknown): void {
    if (error instanceof CountersError) this.counts.counterErrors += 1;
  }

  private async runUncounted(
    tx: Transaction,
    requests: readonly CommandRequest[],
  ): Promise<BatchResult> {
    if (requests.length === 0) return { results: [], proof: undefined };
    const { results, proof, messages } = await this.apply(tx, requests);
    tx.afterCommit(() => {
      this.counts.add(requests, results, messages);
      if (proof !== undefined) this.writtenAt = performance.now();
    });
    return { results, proof };
  }

  private async apply(
    tx: Transaction,
    requests: readonly CommandRequest[],
  ): Promise<BatchResult & { readonly messages: readonly Message[] }> {
    const batch = await this.lock.acquire(tx, requests, this.newId);
    const context = { now: batch.moment.now, newId: this.newIdsAt(batch.moment) };
    const states = await this.loader.load(tx, sectionBatches(batch), context);
    const results = decideAll(requests, batch, states);
    const written = this.writer.write(tx, batch, states, context.now);
    const proof = await written.catch((error: unknown) => {
      throw tellingCounters(error, batch.sections);
    });
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
  for (const state of states) {
    state.actor = EXPIRY;
    expireOverdue(state);
  }
  const byId = new Map(states.map((state) => [state.section.row.id, state]));
  return commands.map((command, index) => {
    const { idempotencyKey, actor } = requests[index]!;
    return replays.once(idempotencyKey, () =>
      decideIn(byId.get(command.sectionId), command, actor),
    );
  });
}

/** Overdue holds end in whichever batch comes next: its commands are not the cause. */
const EXPIRY: Actor = { by: 'expiry' };

function decideIn(
  state: SectionState | undefined,
  command: Command,
  actor: Actor | undefined,
): Outcome {
  if (state === undefined) return refused({ code: 'event_not_found' });
  state.actor = actor;
  return decide(state, command);
}
