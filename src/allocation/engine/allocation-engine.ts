import { Injectable } from '@nestjs/common';
import { SectionsRepository } from '../storage/sections.repository.js';
import { queryAll, type Transaction, TransactionRunner } from '../../platform/database/index.js';
import { Clock, uuidV7 } from '../../platform/common/index.js';
import type { IdempotencyKey } from '../../platform/idempotency/index.js';
import { isInOutbox } from '../../platform/outbox/index.js';
import { type Batch, BatchLoader } from './batch-loader.js';
import { CommandCounts } from './command-counts.js';
import { BatchWriter } from './batch-writer.js';
import type { CommandRequest, CommandResult } from './command-request.js';
import { decide } from '../core/decide.js';
import type { Command } from '../core/commands.js';
import type { Outcome } from '../core/outcomes.js';
import { expireOverdue } from '../core/rules/expire.js';

export interface BatchResult {
  readonly results: readonly CommandResult[];
  /** A message of this batch: its row proves the commit. None if no place changed hands. */
  readonly proof: string | undefined;
}

/**
 * The imperative shell around the rules: lock → load → decide → write → commit, for any number of
 * commands at once. The number of round trips does not grow with the number of commands.
 */
@Injectable()
export class AllocationEngine {
  /** What became of all commands, for the metrics. */
  readonly counts = new CommandCounts();

  constructor(
    private readonly transactions: TransactionRunner,
    private readonly clock: Clock,
    private readonly sections: SectionsRepository,
    private readonly loader: BatchLoader,
    private readonly writer: BatchWriter,
  ) {}

  /**
   * Runs commands in the order in which they are given, in one transaction.
   *
   * @returns what became of each, in that order; a refusal is an outcome
   * @throws {DomainError} if the transaction as a whole did not happen, or may not have
   */
  async run(requests: readonly CommandRequest[]): Promise<readonly CommandResult[]> {
    const sectionIds = requests.map((request) => request.sectionId);
    const { results: settled } = await this.transactions.run<BatchResult>(
      'bookings.batch',
      (tx) => this.runIn(tx, requests),
      (tx, { proof }) => this.hasHappened(tx, sectionIds, proof),
    );
    return settled;
  }

  /** The same as part of a larger transaction, which has locked no section but these. */
  async runIn(tx: Transaction, requests: readonly CommandRequest[]): Promise<BatchResult> {
    if (requests.length === 0) return { results: [], proof: undefined };
    const sources = { clock: this.clock, newId: () => uuidV7() };
    const batch = await this.loader.load(tx, requests, sources);
    for (const state of batch.sections.values()) expireOverdue(state);
    const settled = batch.commands.map((command, index) =>
      execute(batch, command, requests[index]!.idempotencyKey),
    );
    const messages = await this.writer.write(tx, batch);
    tx.afterCommit(() => this.counts.add(requests, settled, messages));
    return { results: settled, proof: messages[0]?.id };
  }

  /**
   * Only once the lost transaction has ended does the lock come free and the answer become final.
   * A batch without proof changed no place: to run it again is as good as to know.
   */
  private async hasHappened(
    tx: Transaction,
    sectionIds: readonly string[],
    proof: string | undefined,
  ): Promise<boolean> {
    if (proof === undefined) return false;
    const [, isThere] = await queryAll(tx, [this.sections.lock(sectionIds), isInOutbox(proof)]);
    return isThere;
  }
}

/** Decides one command, or finds that its attempt was made before: earlier, or in this very batch. */
function execute(batch: Batch, command: Command, claim: IdempotencyKey | undefined): CommandResult {
  if (claim === undefined) return { outcome: decideIn(batch, command), isReplay: false };
  const earlier = batch.replays.find(claim);
  if (earlier !== undefined) return { outcome: earlier, isReplay: true };
  const outcome = decideIn(batch, command);
  batch.replays.add(claim, outcome);
  return { outcome, isReplay: false };
}

function decideIn(batch: Batch, command: Command): Outcome {
  const state = batch.sections.get(command.sectionId);
  if (state === undefined) return { kind: 'refused', refusal: { code: 'event_not_found' } };
  return decide(state, command);
}
