import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { AllocationEngine, refusalError } from '../allocation/index.js';
import {
  type Replayable,
  type StoredResult,
  replaceStoredResult,
} from '../platform/idempotency/index.js';
import type { RequestContext } from '../platform/http/index.js';
import { describeError } from '../platform/logging/index.js';
import { type Transaction, TransactionRunner, executeAll } from '../platform/database/index.js';
import type { ChangedEvent } from './event-change.js';
import { EventStore } from './event-store.js';
import { EventsQueries } from './events.queries.js';
import { PLACES_PER_STEP } from './stepwise-resize.js';

/** So long a request goes on with what it has begun; the rest is done without it. */
const REQUEST_MS_MAX = 5_000;

/** Between two steps others have the lock. */
const PAUSE_MS = 2;

/** A step that has happened and went unanswered leaves less for the next: to try again is to go on. */
const tryAgain = (): Promise<boolean> => Promise.resolve(false);

/**
 * Does step by step, each in a transaction of its own, what has been decided and would hold a lock
 * for too long at once: ends what cancelled events have, and raises sections that people wait for.
 * What is left to do stands in the rows, so anyone may go on with it, several at once as well.
 */
@Injectable()
export class CompletionService {
  constructor(
    private readonly engine: AllocationEngine,
    private readonly transactions: TransactionRunner,
    private readonly store: EventStore,
    private readonly queries: EventsQueries,
    private readonly log: PinoLogger,
  ) {}

  /**
   * Goes on for some seconds with what a change has begun. The change is committed whatever comes,
   * so nothing here may fail the request; what is left then, the worker does.
   *
   * @returns the answer, with the event as it has become, which from then on is the one that a
   *   repetition gets; a repetition's answer as it is
   */
  async goOn(
    answer: Replayable<ChangedEvent>,
    { work, context }: { work: 'voidRemaining' | 'raise'; context: RequestContext },
  ): Promise<Replayable<ChangedEvent>> {
    if (answer.isReplay) return answer;
    const { id } = answer.body.event;
    try {
      await this[work](id, AbortSignal.timeout(REQUEST_MS_MAX));
      const result = await this.queries.get(id, context);
      const { idempotencyKey: claim } = context;
      if (claim !== undefined) await this.remember({ key: claim, result });
      return answer.map(() => result);
    } catch (error) {
      this.log.warn({ error: describeError(error), id }, 'A change of an event is left unfinished');
      return answer;
    }
  }

  /** Ends what a cancelled event still has, until nothing is left or the signal says to stop. */
  async voidRemaining(id: string, stop: AbortSignal): Promise<void> {
    for (const sectionId of await this.queries.findSections(id)) {
      while (await this.endSome(sectionId)) {
        if (stop.aborted) return;
        await pause(PAUSE_MS);
      }
    }
    const end = (tx: Transaction): Promise<void> => this.store.markVoided(tx, id);
    await this.transactions.run('events.voided', end, tryAgain);
  }

  /** Raises an event's sections to what they shall have, or until the signal says to stop. */
  async raise(id: string, stop: AbortSignal): Promise<void> {
    for (const sectionId of await this.queries.findSections(id)) {
      while (await this.raiseSome(sectionId)) {
        if (stop.aborted) return;
        await pause(PAUSE_MS);
      }
    }
  }

  private remember(attempt: StoredResult): Promise<void> {
    const change = replaceStoredResult(attempt);
    return this.transactions.run('events.answered', (tx) => executeAll(tx, [change]), tryAgain);
  }

  /** @returns whether there was something to end */
  private async endSome(sectionId: string): Promise<boolean> {
    const [settled] = await this.engine.run([{ kind: 'voidRemaining', sectionId }]);
    return settled!.outcome.kind === 'voided' && settled!.outcome.ended > 0;
  }

  /**
   * Goes by what the section shall have now, under its lock: somebody may have changed his mind since
   * the step before.
   *
   * @returns whether places are still missing
   */
  private raiseSome(sectionId: string): Promise<boolean> {
    return this.transactions.run(
      'events.raise',
      async (tx) => {
        const { capacity: before, wanted } = await this.store.lockRaised(tx, sectionId);
        if (wanted === null) return false;
        const capacity = Math.min(wanted, before + PLACES_PER_STEP);
        const { results } = await this.engine.runIn(tx, [{ kind: 'resize', sectionId, capacity }]);
        const { outcome } = results[0]!;
        if (outcome.kind === 'refused') throw refusalError(outcome.refusal);
        if (capacity < wanted) return true;
        await this.store.markRaised(tx, sectionId);
        return false;
      },
      tryAgain,
    );
  }
}
