import { Injectable } from '@nestjs/common';
import { type Totals, TotalsQueries } from '../../allocation/index.js';

/** However often somebody asks, the sections are summed up no more often than this. */
const KEPT_MS = 5_000;

/** Where there are so many sections that it takes long, it is done so much more seldom. */
const PAUSE_PER_WORK = 50;

/** Who asks does not wait longer for it. */
const WAIT_MS_MAX = 2_000;

/** Sums over all sections, some seconds old. Never more than a fiftieth of one connection's time. */
@Injectable()
export class PlaceTotals {
  private known: Totals | undefined;
  private keptUntil = 0;
  private running: Promise<void> | undefined;

  constructor(private readonly queries: TotalsQueries) {}

  /** @returns undefined if the database does not say */
  async get(): Promise<Totals | undefined> {
    if (performance.now() < this.keptUntil) return this.known;
    this.running ??= this.look().finally(() => (this.running = undefined));
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, WAIT_MS_MAX);
    });
    await Promise.race([this.running, tooLate]);
    clearTimeout(timer);
    return performance.now() < this.keptUntil ? this.known : undefined;
  }

  private async look(): Promise<void> {
    const since = performance.now();
    try {
      this.known = await this.queries.find();
    } catch {
      // That the database does not answer is told by the checks.
      this.known = undefined;
    }
    const now = performance.now();
    this.keptUntil = now + Math.max(KEPT_MS, (now - since) * PAUSE_PER_WORK);
  }
}
