import { DomainError, overloaded } from '../../platform/errors/index.js';
import { type LaneState, LaneStatistics } from './lane-statistics.js';

export interface LanesOptions {
  /** Batches that may run at once; a section always maps to the same lane. */
  readonly lanes: number;
  /** Commands that may wait in one lane; the next is refused at once. */
  readonly queueLimit: number;
}

/** A command, as far as a lane must know it. */
export interface LaneCommand {
  readonly sectionId: string;
  /** Places it is about: what its rows will be counted in. */
  readonly weight: number;
}

/** Commands of one batch. More would make those who wait for the lock wait longer than they gain. */
const COMMANDS_MAX = 256;

/** Places of one batch, unless a single command asks for more. */
const WEIGHT_MAX = 5_000;

/** Who has waited this long has most likely gone; nothing was begun for him. */
const WAIT_MS_MAX = 10_000;

/** Measured with 128 callers: 4 gave a sixth more than 16 or all at once. */
const ANSWERS_PER_TURN = 4;

/** Tells one caller what became of his command. */
type Answer = () => void;

interface Waiting<Command, Outcome> {
  readonly command: Command;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
  /** When it came, in milliseconds of this process. */
  readonly since: number;
}

interface Lane<Command, Outcome> {
  readonly waiting: Waiting<Command, Outcome>[];
  isBusy: boolean;
  /** When the batch that runs was begun; undefined between batches. */
  since: number | undefined;
}

/**
 * Group commit for hot rows. However many instances run, each commit waits for the disk while it
 * holds its row: one transaction a booking cannot pass a few hundred bookings a second on one event.
 * So commands that arrive while a lane's transaction runs become its next batch. An idle lane starts
 * at once: a lone command waits for nobody. Order within a lane is order of arrival.
 */
export class Lanes<Command extends LaneCommand, Outcome> {
  private readonly lanes: readonly Lane<Command, Outcome>[];

  /** What happened since the start, for the metrics. */
  readonly statistics = new LaneStatistics();

  /**
   * @param run decides and writes one batch in one transaction; answers one outcome a command
   */
  constructor(
    private readonly options: LanesOptions,
    private readonly run: (batch: readonly Command[]) => Promise<readonly Outcome[]>,
  ) {
    this.lanes = Array.from({ length: options.lanes }, () => ({
      waiting: [],
      isBusy: false,
      since: undefined,
    }));
  }

  /** Commands that wait, in each lane. */
  get depths(): readonly number[] {
    return this.lanes.map((lane) => lane.waiting.length);
  }

  get queueLimit(): number {
    return this.options.queueLimit;
  }

  get states(): readonly LaneState[] {
    const now = performance.now();
    return this.lanes.map(({ waiting, since }) => ({
      waiting: waiting.length,
      isFull: waiting.length >= this.options.queueLimit,
      busyMs: since === undefined ? 0 : now - since,
    }));
  }

  /**
   * Puts a command into its section's lane.
   *
   * @throws {DomainError} `overloaded` if the lane is full: nothing was begun
   */
  submit(command: Command): Promise<Outcome> {
    const lane = this.laneOf(command.sectionId);
    if (lane.waiting.length >= this.options.queueLimit) {
      this.statistics.refused += 1;
      return Promise.reject(overloaded());
    }
    return new Promise((resolve, reject) => {
      lane.waiting.push({ command, resolve, reject, since: performance.now() });
      if (lane.isBusy) return;
      lane.isBusy = true;
      // After the sockets that are readable now have been read: who comes in the same moment shares
      // the batch, and nobody waits for a timer.
      setImmediate(() => void this.work(lane));
    });
  }

  /**
   * Answering a batch keeps the event loop busy for a while. So the next batch goes first: the
   * database is at work on it while the callers of this one get their answers.
   */
  private async work(lane: Lane<Command, Outcome>): Promise<void> {
    while (lane.waiting.length > 0) {
      const answers = await this.settleNext(lane);
      if (lane.waiting.length === 0) giveAll(answers);
      else setImmediate(giveInTurns, answers);
    }
    lane.isBusy = false;
  }

  /** The next batch of a lane, in which somebody waits. */
  private async settleNext(lane: Lane<Command, Outcome>): Promise<Answer[]> {
    const since = performance.now();
    const batch = this.dismissLate(takeBatch(lane.waiting), since);
    if (batch.length === 0) return [];
    lane.since = since;
    const answers = await this.settle(batch);
    lane.since = undefined;
    this.statistics.batchSizes.observe(batch.length);
    this.statistics.batchTimes.observe((performance.now() - since) / 1000);
    return answers;
  }

  /**
   * Runs a batch. If it fails for a reason of its own (a bug, a constraint) it is run again in
   * halves, down to the guilty command: only that one gets the error. An error that says "nothing was
   * changed, try again" concerns all alike, unless it is about a lock: then only one section may be
   * the one that cannot be had, so each is tried by itself.
   *
   * @returns one answer a caller, to be given
   */
  private async settle(batch: readonly Waiting<Command, Outcome>[]): Promise<Answer[]> {
    try {
      const outcomes = await this.run(batch.map((one) => one.command));
      return answersTo(batch, outcomes);
    } catch (error) {
      const sections = bySection(batch);
      if (isLockTimeout(error) && sections.length > 1) {
        return (await Promise.all(sections.map((one) => this.settle(one)))).flat();
      }
      if (batch.length === 1 || error instanceof DomainError) {
        return batch.map((one) => () => one.reject(error));
      }
      const half = Math.ceil(batch.length / 2);
      const first = await this.settle(batch.slice(0, half));
      return [...first, ...(await this.settle(batch.slice(half)))];
    }
  }

  /** Tells those who have waited too long that nothing was begun; answers the others. */
  private dismissLate(
    batch: readonly Waiting<Command, Outcome>[],
    now: number,
  ): Waiting<Command, Outcome>[] {
    return batch.filter((one) => {
      const waited = now - one.since;
      this.statistics.waits.observe(waited / 1000);
      if (waited <= WAIT_MS_MAX) return true;
      this.statistics.late += 1;
      one.reject(overloaded());
      return false;
    });
  }

  private laneOf(sectionId: string): Lane<Command, Outcome> {
    return this.lanes[hash(sectionId) % this.lanes.length]!;
  }
}

const isLockTimeout = (error: unknown): boolean =>
  error instanceof DomainError && error.code === 'lock_timeout';

function bySection<Item extends { readonly command: LaneCommand }>(
  batch: readonly Item[],
): Item[][] {
  const groups = new Map<string, Item[]>();
  for (const one of batch) {
    const group = groups.get(one.command.sectionId);
    if (group === undefined) groups.set(one.command.sectionId, [one]);
    else group.push(one);
  }
  return [...groups.values()];
}

/** The batch has happened: outcomes that do not match it are a bug, and no reason to run it again. */
function answersTo<Command, Outcome>(
  batch: readonly Waiting<Command, Outcome>[],
  outcomes: readonly Outcome[],
): Answer[] {
  if (outcomes.length === batch.length) {
    return batch.map((one, index) => () => one.resolve(outcomes[index]!));
  }
  const error = new Error(`${batch.length} commands came to ${outcomes.length} outcomes`);
  return batch.map((one) => () => one.reject(error));
}

function giveAll(answers: readonly Answer[]): void {
  for (const answer of answers) answer();
}

/** A few answers a turn of the event loop, so that what the database says is heard in between. */
function giveInTurns(answers: readonly Answer[]): void {
  giveAll(answers.slice(0, ANSWERS_PER_TURN));
  if (answers.length > ANSWERS_PER_TURN) setImmediate(giveInTurns, answers.slice(ANSWERS_PER_TURN));
}

/** Takes from the front, in order, as much as one transaction should carry. */
function takeBatch<Item extends { readonly command: LaneCommand }>(waiting: Item[]): Item[] {
  let weight = 0;
  let count = 0;
  while (count < waiting.length && count < COMMANDS_MAX) {
    weight += waiting[count]!.command.weight;
    if (weight > WEIGHT_MAX && count > 0) break;
    count += 1;
  }
  return waiting.splice(0, count);
}

/** Spreads section ids evenly over the lanes (FNV-1a). */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value >>> 0;
}
