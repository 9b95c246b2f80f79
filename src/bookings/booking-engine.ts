import { Injectable } from '@nestjs/common';
import { SectionsRepository } from '../inventory/index.js';
import {
  Clock,
  isInOutbox,
  type Transaction,
  TransactionRunner,
  uuidV7,
} from '../platform/index.js';
import { BatchLoader } from './batch-loader.js';
import { BatchWriter } from './batch-writer.js';
import { apply } from './core/apply.js';
import type { BookingRequest } from './booking-request.js';
import type { Outcome } from './core/commands.js';
import type { Surroundings } from './core/desk.js';

interface BatchResult {
  readonly outcomes: readonly Outcome[];
  /** A message of this batch: its row proves the commit. None if nothing was changed. */
  readonly proof: string | undefined;
}

/**
 * The imperative shell around the rules: lock → load → decide → write → commit, for any number of
 * commands at once. The number of round trips does not grow with the number of commands.
 */
@Injectable()
export class BookingEngine {
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
   * @returns one outcome a command, in that order; a refusal is an outcome
   * @throws {DomainError} if the transaction as a whole did not happen, or may not have
   */
  async run(requests: readonly BookingRequest[]): Promise<readonly Outcome[]> {
    const { outcomes } = await this.transactions.run<BatchResult>(
      'bookings.batch',
      (tx) => this.lockDecideWrite(tx, requests),
      (tx, { proof }) => this.hasHappened(tx, requests, proof),
    );
    return outcomes;
  }

  private async lockDecideWrite(
    tx: Transaction,
    requests: readonly BookingRequest[],
  ): Promise<BatchResult> {
    const sections = await this.sections.lock(tx, sectionIdsOf(requests));
    const surroundings: Surroundings = { now: this.clock.now(), newId: () => uuidV7() };
    const batch = await this.loader.load(tx, sections, requests, surroundings);
    const outcomes = batch.commands.map((command): Outcome => {
      const desk = batch.desks.get(command.sectionId);
      return desk === undefined
        ? { kind: 'refused', refusal: { code: 'event_not_found' } }
        : apply(desk, command);
    });
    const messages = await this.writer.write(tx, batch, surroundings.now);
    return { outcomes, proof: messages[0]?.id };
  }

  /** Only once the lost transaction has ended does the lock come free and the answer become final. */
  private async hasHappened(
    tx: Transaction,
    requests: readonly BookingRequest[],
    proof: string | undefined,
  ): Promise<boolean> {
    if (proof === undefined) return true;
    await this.sections.lock(tx, sectionIdsOf(requests));
    return isInOutbox(tx, proof);
  }
}

const sectionIdsOf = (requests: readonly BookingRequest[]): string[] =>
  requests.map((request) => request.sectionId);
