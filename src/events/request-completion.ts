import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { executeAll, runAgain, TransactionRunner } from '../platform/database/index.js';
import type { RequestContext } from '../platform/http/index.js';
import {
  type Replayable,
  replaceStoredResult,
  type StoredResult,
} from '../platform/idempotency/index.js';
import { describeError } from '../platform/logging/index.js';
import { CompletionService } from './completion.service.js';
import type { ChangedEvent } from './event-change.js';
import { EventsQueries } from './events.queries.js';

/** A request continues its change for this long; the worker does the rest. */
const REQUEST_MS_MAX = 5_000;

/** Continues a committed change of an event within its request. */
@Injectable()
export class RequestCompletion {
  constructor(
    private readonly completion: CompletionService,
    private readonly transactions: TransactionRunner,
    private readonly queries: EventsQueries,
    private readonly log: PinoLogger,
  ) {}

  /**
   * Continues for some seconds. The change is already committed, so nothing here may fail the request.
   *
   * @returns the event as it is then, which replays return from then on; the result of a replay as it is
   */
  async complete(
    changed: Replayable<ChangedEvent>,
    { work, context }: { work: 'voidRemaining' | 'raise'; context: RequestContext },
  ): Promise<Replayable<ChangedEvent>> {
    if (changed.isReplay) return changed;
    const { id } = changed.body.event;
    try {
      await this.completion[work](id, AbortSignal.timeout(REQUEST_MS_MAX), context.actor);
      const result = await this.queries.get(id, context);
      const { idempotencyKey: key } = context;
      if (key !== undefined) await this.store({ key, result });
      return changed.map(() => result);
    } catch (error) {
      this.log.warn({ error: describeError(error), id }, 'A change of an event is left unfinished');
      return changed;
    }
  }

  private store(result: StoredResult): Promise<void> {
    const change = replaceStoredResult(result);
    return this.transactions.run('events.store_result', (tx) => executeAll(tx, [change]), runAgain);
  }
}
