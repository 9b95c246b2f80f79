import { overloaded } from '../../platform/errors/index.js';
import { type RunBatch, runIsolatingFailures } from './isolate-failures.js';
import { type LaneState, LaneStatistics } from './lane-statistics.js';

export interface LanesOptions {
  /** Batches that may run at once. */
  readonly lanes: number;
  /** Commands that may wait in one lane; the next one is refused at once. */
  readonly queueLimit: number;
}

/** The part of a command that a lane knows. */
export interface LaneCommand {
  /** Commands with the same key always use the same lane. */
  readonly key: string;
  /** Roughly how many rows it will write. */
  readonly weight: number;
}

/** Commands of one batch. More would delay those that wait for the lock by more than they gain. */
const COMMANDS_MAX = 256;

/** Total weight of one batch, unless a single command has more. */
const WEIGHT_MAX = 5_000;

/** A client that has waited this long has most likely gone; its command has not begun. */
const WAIT_MS_MAX = 10_000;

/** Measured with 128 callers: 4 gave a sixth more throughput than 16 or all at once. */
const ANSWERS_PER_TURN = 4;

/** Settles the promise of one caller. */
type Answer = () => void;

interface QueuedCommand<Command, Outcome> {
  readonly command: Command;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
  /** In milliseconds of this process. */
  readonly queuedAt: number;
}

interface Lane<Command, Outcome> {
  readonly queue: QueuedCommand<Command, Outcome>[];
  isBusy: boolean;
  /** When the running batch began; undefined between batches. */
  batchStartedAt: number | undefined;
}

/**
 * Group commit for hot rows. Each commit waits for the disk while it holds its row lock, so with one
 * transaction for each booking, an event cannot pass a few hundred bookings a second, however many
 * instances run. Commands that arrive while a lane's transaction runs therefore become its next batch.
 * An idle lane starts at once: a lone command never waits for others. Within a lane, commands run in
 * order of arrival.
 */
export class Lanes<Command extends LaneCommand, Outcome> {
  private readonly lanes: readonly Lane<Command, Outcome>[];

  /** Since the start, for the metrics. */
  readonly statistics = new LaneStatistics();

  constructor(
    private readonly options: LanesOptions,
    private readonly run: RunBatch<Command, Outcome>,
  ) {
    this.lanes = Array.from({ length: options.lanes }, () => ({
      queue: [],
      isBusy: false,
      batchStartedAt: undefined,
    }));
  }

  /** Number of commands that wait in each lane. */
  get depths(): readonly number[] {
    return this.lanes.map(({ queue }) => queue.length);
  }

  get queueLimit(): number {
    return this.options.queueLimit;
  }

  get states(): readonly LaneState[] {
    const now = performance.now();
    return this.lanes.map(({ queue, batchStartedAt }) => ({
      waiting: queue.length,
      isFull: queue.length >= this.options.queueLimit,
      busyMs: batchStartedAt === undefined ? 0 : now - batchStartedAt,
    }));
  }

  /**
   * Queues a command in the lane of its key.
   *
   * @throws {DomainError} `overloaded` if the lane is full or the command waited too long: it has not
   *   begun
   */
  submit(command: Command): Promise<Outcome> {
    const lane = this.laneOf(command.key);
    if (lane.queue.length >= this.options.queueLimit) {
      this.statistics.refused += 1;
      return Promise.reject(overloaded());
    }
    return new Promise((resolve, reject) => {
      lane.queue.push({ command, resolve, reject, queuedAt: performance.now() });
      if (lane.isBusy) return;
      lane.isBusy = true;
      // After the sockets that are readable now: requests of the same moment share the batch, and none
      // waits for a timer.
      setImmediate(() => void this.drain(lane));
    });
  }

  /**
   * Answering a batch keeps the event loop busy for a while. So the next batch starts first: the
   * database works on it while the callers of this one get their answers.
   */
  private async drain(lane: Lane<Command, Outcome>): Promise<void> {
    while (lane.queue.length > 0) {
      const answers = await this.runNext(lane);
      if (lane.queue.length === 0) giveAll(answers);
      else setImmediate(giveInTurns, answers);
    }
    lane.isBusy = false;
  }

  private async runNext(lane: Lane<Command, Outcome>): Promise<Answer[]> {
    const startedAt = performance.now();
    const batch = this.rejectExpired(takeBatch(lane.queue), startedAt);
    if (batch.length === 0) return [];
    lane.batchStartedAt = startedAt;
    const commands = batch.map(({ command }) => command);
    const results = await runIsolatingFailures(commands, this.run);
    lane.batchStartedAt = undefined;
    this.statistics.batchSizes.observe(batch.length);
    this.statistics.batchTimes.observe((performance.now() - startedAt) / 1000);
    return batch.map((queued, index) => () => settle(queued, results[index]!));
  }

  /** Rejects the commands that have waited too long; returns the others. */
  private rejectExpired(
    batch: readonly QueuedCommand<Command, Outcome>[],
    now: number,
  ): QueuedCommand<Command, Outcome>[] {
    return batch.filter(({ queuedAt, reject }) => {
      const waitedMs = now - queuedAt;
      this.statistics.waits.observe(waitedMs / 1000);
      if (waitedMs <= WAIT_MS_MAX) return true;
      this.statistics.late += 1;
      reject(overloaded());
      return false;
    });
  }

  private laneOf(key: string): Lane<Command, Outcome> {
    return this.lanes[hash(key) % this.lanes.length]!;
  }
}

function settle<Outcome>(
  { resolve, reject }: QueuedCommand<unknown, Outcome>,
  result: PromiseSettledResult<Outcome>,
): void {
  if (result.status === 'fulfilled') resolve(result.value);
  else reject(result.reason);
}

function giveAll(answers: readonly Answer[]): void {
  for (const answer of answers) answer();
}

/** A few answers in each turn of the event loop, so that replies of the database are read in between. */
function giveInTurns(answers: readonly Answer[]): void {
  giveAll(answers.slice(0, ANSWERS_PER_TURN));
  if (answers.length > ANSWERS_PER_TURN) setImmediate(giveInTurns, answers.slice(ANSWERS_PER_TURN));
}

/** Takes from the front of the queue as much as one transaction should carry. */
function takeBatch<Item extends { readonly command: LaneCommand }>(queue: Item[]): Item[] {
  let weight = 0;
  let count = 0;
  while (count < queue.length && count < COMMANDS_MAX) {
    weight += queue[count]!.command.weight;
    if (weight > WEIGHT_MAX && count > 0) break;
    count += 1;
  }
  return queue.splice(0, count);
}

/** Spreads keys evenly over the lanes (FNV-1a). */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value >>> 0;
}
