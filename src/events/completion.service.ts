import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { AllocationEngine, refusalError, SectionDirectory } from '../allocation/index.js';
import type { Actor } from '../platform/common/index.js';
import { runAgain, type Transaction, TransactionRunner } from '../platform/database/index.js';
import { EventStore } from './event-store.js';
import { PLACES_PER_STEP } from './stepwise-resize.js';

/** Between two steps others can have the lock. */
const PAUSE_MS = 2;

/** The cause of steps that no request waits for. */
const COMPLETION: Actor = { by: 'completion' };

/**
 * Carries out changes that would hold a lock for too long at once, step by step, each step in its own
 * transaction: ends what cancelled events have, and raises sections that people wait for. The rows say
 * what is left to do, so any instance can continue, even several at once.
 */
@Injectable()
export class CompletionService {
  constructor(
    private readonly engine: AllocationEngine,
    private readonly transactions: TransactionRunner,
    private readonly store: EventStore,
    private readonly directory: SectionDirectory,
  ) {}

  /** Ends what a cancelled event still has, until nothing is left or the signal aborts. */
  async voidRemaining(id: string, signal: AbortSignal, actor = COMPLETION): Promise<void> {
    for (const sectionId of await this.directory.allNow(id)) {
      while (await this.voidSome(sectionId, actor)) {
        if (signal.aborted) return;
        await pause(PAUSE_MS);
      }
    }
    const end = (tx: Transaction): Promise<void> => this.store.markVoided(tx, id);
    await this.transactions.run('events.voided', end, runAgain);
  }

  /** Raises an event's sections to the capacity wanted, or until the signal aborts. */
  async raise(id: string, signal: AbortSignal, actor = COMPLETION): Promise<void> {
    for (const sectionId of await this.directory.allNow(id)) {
      while (await this.raiseSome(sectionId, actor)) {
        if (signal.aborted) return;
        await pause(PAUSE_MS);
      }
    }
  }

  /** @returns whether there was something to end */
  private async voidSome(sectionId: string, actor: Actor): Promise<boolean> {
    const [result] = await this.engine.run([{ kind: 'voidRemaining', sectionId, actor }]);
    return result!.outcome.kind === 'voided' && result!.outcome.ended > 0;
  }

  /**
   * Reads the capacity wanted under the section's lock: it may have been edited since the step before.
   *
   * @returns whether places are still missing
   */
  private raiseSome(sectionId: string, actor: Actor): Promise<boolean> {
    return this.transactions.run(
      'events.raise',
      async (tx) => {
        const { capacity: before, wanted } = await this.store.lockRaised(tx, sectionId);
        if (wanted === null) return false;
        const capacity = Math.min(wanted, before + PLACES_PER_STEP);
        const { results } = await this.engine.runIn(tx, [
          { kind: 'resize', sectionId, capacity, actor },
        ]);
        const { outcome } = results[0]!;
        if (outcome.kind === 'refused') throw refusalError(outcome.refusal);
        if (capacity < wanted) return true;
        await this.store.markRaised(tx, sectionId);
        return false;
      },
      runAgain,
    );
  }
}
