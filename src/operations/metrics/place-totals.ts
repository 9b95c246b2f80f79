import { Injectable } from '@nestjs/common';
import { type Totals, TotalsQueries } from '../../allocation/index.js';
import { withTimeout } from '../../platform/common/index.js';

/** The shortest time between two queries, however often metrics are read. */
const KEPT_MS = 5_000;

/** A query that takes long is repeated less often: it uses at most a fiftieth of one connection's time. */
const PAUSE_PER_WORK = 50;

const WAIT_MS_MAX = 2_000;

/** Sums over all sections, a few seconds old. */
@Injectable()
export class PlaceTotals {
  private known: Totals | undefined;
  private keptUntil = 0;
  private running: Promise<void> | undefined;

  constructor(private readonly queries: TotalsQueries) {}

  /** @returns undefined if the database does not respond */
  async get(): Promise<Totals | undefined> {
    if (performance.now() < this.keptUntil) return this.known;
    this.running ??= this.refresh().finally(() => (this.running = undefined));
    await withTimeout(this.running, WAIT_MS_MAX, () => undefined);
    return performance.now() < this.keptUntil ? this.known : undefined;
  }

  private async refresh(): Promise<void> {
    const since = performance.now();
    try {
      this.known = await this.queries.find();
    } catch {
      // Readiness reports a database that does not respond.
      this.known = undefined;
    }
    const now = performance.now();
    this.keptUntil = now + Math.max(KEPT_MS, (now - since) * PAUSE_PER_WORK);
  }
}
