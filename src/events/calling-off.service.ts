import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { BookingEngine } from '../bookings/index.js';
import {
  type Answered,
  type IdempotencyClaim,
  TransactionRunner,
  write,
} from '../platform/index.js';
import { type Changed, EventChange } from './event-change.js';
import { EventsQueries } from './events.queries.js';
import { EventsRepository } from './events.repository.js';

/** So long a request ends what a cancelled event has; the rest is done without it. */
const REQUEST_MS_MAX = 5_000;

/** Between two chunks others have the lock. */
const PAUSE_MS = 2;

/** Calls events off: first nothing new is taken, then everything is ended, chunk by chunk. */
@Injectable()
export class CallingOffService {
  constructor(
    private readonly changes: EventChange,
    private readonly engine: BookingEngine,
    private readonly transactions: TransactionRunner,
    private readonly events: EventsRepository,
    private readonly queries: EventsQueries,
  ) {}

  /**
   * From its first transaction on, no place of the event changes hands any more. For some seconds it
   * goes on to end bookings, holds and entries; what it does not come to, the worker does.
   */
  async callOff(id: string, claim: IdempotencyClaim | undefined): Promise<Answered<Changed>> {
    const answer = await this.changes.make({
      id,
      claim,
      decide: ({ event, sections }, now) => {
        if (event.status === 'CANCELLED') return undefined;
        const commands = sections.map(
          ({ id: sectionId }) => ({ kind: 'close', sectionId }) as const,
        );
        return {
          type: 'event.cancelled',
          event: { ...event, status: 'CANCELLED', version: event.version + 1, updatedAt: now },
          commands,
          sectionTexts: [],
          newSections: [],
          newSeats: [],
          isEnding: true,
        };
      },
    });
    await this.windUp(id, AbortSignal.timeout(REQUEST_MS_MAX));
    return { ...answer, body: await this.queries.getChanged(id) };
  }

  /** Ends what a cancelled event still has, until nothing is left or the signal says to stop. */
  async windUp(id: string, stop: AbortSignal): Promise<void> {
    for (const sectionId of await this.queries.findSections(id)) {
      while (await this.endSome(sectionId)) {
        if (stop.aborted) return;
        await pause(PAUSE_MS);
      }
    }
    await this.transactions.run('events.wound-up', (tx) =>
      write(tx, this.events.markEnding(id, false)),
    );
  }

  /** @returns whether there was something to end */
  private async endSome(sectionId: string): Promise<boolean> {
    const [settled] = await this.engine.run([{ kind: 'windUp', sectionId }]);
    return settled!.outcome.kind === 'woundUp' && settled!.outcome.ended > 0;
  }
}
