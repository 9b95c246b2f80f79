import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { describeError } from '../platform/index.js';
import { CallingOffService } from './calling-off.service.js';
import { EventsQueries } from './events.queries.js';

const LOOK_MS = 2_000;

/**
 * Ends what cancelled events still have: those too large for one request, and those whose instance
 * died over it. Every instance has one; to end a chunk twice is to end nothing.
 */
@Injectable()
export class WindingUpWorker implements OnModuleInit, OnModuleDestroy {
  private readonly stop = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(
    private readonly callingOff: CallingOffService,
    private readonly queries: EventsQueries,
    private readonly log: PinoLogger,
  ) {}

  onModuleInit(): void {
    this.timer = setInterval(() => this.look(), LOOK_MS + Math.random() * LOOK_MS).unref();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    this.stop.abort();
    await this.running;
  }

  private look(): void {
    this.running ??= this.work().finally(() => (this.running = undefined));
  }

  private async work(): Promise<void> {
    try {
      for (const id of await this.queries.findEnding()) {
        if (this.stop.signal.aborted) return;
        await this.callingOff.windUp(id, this.stop.signal);
      }
    } catch (error) {
      this.log.warn({ error: describeError(error) }, 'A cancelled event could not be wound up yet');
    }
  }
}
