import { DomainError, overloaded } from '../../platform/errors/index.js';
import { type RunBatch, runIsolatingFailures } from './isolate-failures.js';
import type { LaneState, LaneStatistics } from './lane-statistics.js';
import { COMMANDS_MAX, type LaneCommand, SectionQueues } from './section-queues.js';

/** A batch that runs longer makes way for the other sections: it probably waits for a lock. */
const LATE_MS = 100;

/** Batches of a lane that may be late at once; each has a connection. */
const LATE_MAX = 1;

/** Locked sections of a lane that may be tried at once; each has a connection. */
const ALONE_MAX = 2;

/** A section that could not be locked is remembered for this long while nobody wants it. */
const REMEMBERED_MS = 30_000;

export interface Queued<Command, Outcome> {
  readonly command: Command;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
  /** In milliseconds of this process. */
  readonly queuedAt: number;
}

interface RunningBatch {
  readonly startedAt: number;
  readonly keys: readonly string[];
}

/**
 * Group commit for hot rows. Each commit waits for the disk while it holds its row lock, so with one
 * transaction for each booking, an event cannot pass a few hundred bookings a second, however many
 * instances run. Commands that arrive while a lane's transaction runs therefore become its next batch.
 * An idle lane starts at once: a lone command never waits for others.
 *
 * Commands of one section run in order of arrival, one batch at a time. A section that cannot be locked
 * leaves the shared batches, and is tried alone until it has been locked again.
 */
export class Lane<Command extends LaneCommand, Outcome> {
  private readonly queues = new SectionQueues<Queued<Command, Outcome>>();
  /** The batch that the other sections wait for. */
  private current: RunningBatch | undefined;
  private readonly late = new Set<RunningBatch>();
  private readonly alone = new Set<RunningBatch>();
  /** Sections of running batches. */
  private readonly busy = new Set<string>();
  /** Sections that could not be locked, and when; the next to be tried first. */
  private readonly locked = new Map<string, number>();
  private isStarting = false;

  constructor(
    private readonly run: RunBatch<Command, Outcome>,
    private readonly waitMsMax: number,
    private readonly statistics: LaneStatistics,
  ) {}

  get state(): LaneState {
    const running = [...this.late, ...this.alone, ...(this.current ? [this.current] : [])];
    const startedAt = running.map((batch) => batch.startedAt);
    const busyMs = running.length === 0 ? 0 : performance.now() - Math.min(...startedAt);
    return { waiting: this.queues.length, locked: this.locked.size, busyMs };
  }

  add(queued: Queued<Command, Outcome>): void {
    this.queues.push(queued);
    if (this.current === undefined && this.queues.length >= COMMANDS_MAX) this.startNext();
    else this.startSoon();
  }

  /** After the commands that arrive at this moment: they share the batch, and none waits for a timer. */
  private startSoon(): void {
    if (this.isStarting) return;
    this.isStarting = true;
    setImmediate(() => {
      this.isStarting = false;
      this.startNext();
    });
  }

  private startNext(): void {
    this.startShared();
    const forgotten = performance.now() - REMEMBERED_MS;
    for (const [key, since] of this.locked) {
      if (this.alone.size >= ALONE_MAX) return;
      if (this.busy.has(key)) continue;
      if (this.queues.has(key)) this.startAlone(key);
      else if (since < forgotten) this.locked.delete(key);
    }
  }

  private startShared(): void {
    if (this.current !== undefined) return;
    const batch = this.take((key) => !this.busy.has(key) && !this.locked.has(key));
    if (batch.length === 0) return;
    const running = this.begin(batch);
    this.current = running;
    const timer = setTimeout(() => this.makeWay(running), LATE_MS);
    void this.execute(batch, running, () => {
      clearTimeout(timer);
      this.late.delete(running);
      if (this.current === running) this.current = undefined;
      // It may have become late while there was no room for it.
      else if (this.current !== undefined && isLate(this.current)) this.setAside(this.current);
    });
  }

  private makeWay(batch: RunningBatch): void {
    if (this.late.size >= LATE_MAX) return;
    this.setAside(batch);
    this.startNext();
  }

  private setAside(batch: RunningBatch): void {
    this.late.add(batch);
    this.current = undefined;
  }

  private startAlone(key: string): void {
    const batch = this.take((other) => other === key);
    if (batch.length === 0) return;
    const running = this.begin(batch);
    this.alone.add(running);
    void this.execute(batch, running, () => this.alone.delete(running));
  }

  /** Takes a batch from the queues, without the commands that nobody waits for any more. */
  private take(mayRun: (key: string) => boolean): Queued<Command, Outcome>[] {
    const now = performance.now();
    for (;;) {
      const taken = this.queues.take(mayRun);
      const wanted = taken.filter((queued) => this.isWanted(queued, now));
      if (wanted.length > 0 || taken.length === 0) return wanted;
    }
  }

  private isWanted({ command, queuedAt, reject }: Queued<Command, Outcome>, now: number): boolean {
    const waitedMs = now - queuedAt;
    this.statistics.waits.observe(waitedMs / 1000);
    const isLate = waitedMs > this.waitMsMax;
    if (!isLate && command.isAbandoned !== true) return true;
    if (isLate) this.statistics.late += 1;
    else this.statistics.abandoned += 1;
    reject(overloaded());
    return false;
  }

  private begin(batch: readonly Queued<Command, Outcome>[]): RunningBatch {
    const keys = [...new Set(batch.map(({ command }) => command.key))];
    for (const key of keys) this.busy.add(key);
    return { startedAt: performance.now(), keys };
  }

  /** The next batch starts before the callers of this one get their answers. */
  private async execute(
    batch: readonly Queued<Command, Outcome>[],
    { startedAt, keys }: RunningBatch,
    onEnd: () => void,
  ): Promise<void> {
    const commands = batch.map(({ command }) => command);
    const results = await runIsolatingFailures(commands, this.run);
    this.statistics.batchSizes.observe(batch.length);
    this.statistics.batchTimes.observe((performance.now() - startedAt) / 1000);
    for (const key of keys) this.busy.delete(key);
    onEnd();
    const isRetried = this.noteLocks(keys, results) && keys.length > 1;
    if (isRetried) this.queues.putBack(batch);
    this.startNext();
    if (!isRetried) settleAll(batch, results);
  }

  /** @returns whether the sections could not be locked; of several, each is tried alone to find out which */
  private noteLocks(
    keys: readonly string[],
    results: readonly PromiseSettledResult<Outcome>[],
  ): boolean {
    const isLocked = results.every(isLockTimeout);
    for (const key of keys) {
      this.locked.delete(key);
      if (isLocked) this.locked.set(key, performance.now());
    }
    return isLocked;
  }
}

const isLate = ({ startedAt }: RunningBatch): boolean => performance.now() - startedAt >= LATE_MS;

const isLockTimeout = (result: PromiseSettledResult<unknown>): boolean =>
  result.status === 'rejected' &&
  result.reason instanceof DomainError &&
  result.reason.code === 'lock_timeout';

function settleAll<Outcome>(
  batch: readonly Queued<unknown, Outcome>[],
  results: readonly PromiseSettledResult<Outcome>[],
): void {
  for (const [index, { resolve, reject }] of batch.entries()) {
    const result = results[index]!;
    if (result.status === 'fulfilled') resolve(result.value);
    else reject(result.reason);
  }
}
