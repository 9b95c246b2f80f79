import { groupBy } from '../../platform/common/index.js';

/** The part of a command that a lane knows. */
export interface LaneCommand {
  /** Its section. Commands with the same key always use the same lane, and run in order of arrival. */
  readonly key: string;
  /** Roughly how many rows it will write. */
  readonly weight: number;
  /** Its client has disconnected: it need not run. */
  readonly isAbandoned?: boolean;
}

interface Item {
  readonly command: LaneCommand;
}

/** Commands of one batch. More would delay those that wait for the lock by more than they gain. */
export const COMMANDS_MAX = 256;

/** Total weight of one batch, unless a single command has more. */
const WEIGHT_MAX = 5_000;

/**
 * The commands that wait in a lane, one queue for each section. Sections share a batch in equal parts, so
 * ten thousand commands of one section do not delay those of the others.
 */
export class SectionQueues<Queued extends Item> {
  /** In the order of their next turn. None is empty. */
  private readonly queues = new Map<string, Queued[]>();
  private count = 0;

  get length(): number {
    return this.count;
  }

  has(key: string): boolean {
    return this.queues.has(key);
  }

  push(item: Queued): void {
    const queue = this.queues.get(item.command.key);
    if (queue === undefined) this.queues.set(item.command.key, [item]);
    else queue.push(item);
    this.count += 1;
  }

  /** Takes as much as one transaction should carry from the front of the queues that may run. */
  take(mayRun: (key: string) => boolean): Queued[] {
    const batch = new Batch<Queued>();
    let keys = [...this.queues.keys()].filter(mayRun);
    while (keys.length > 0 && !batch.isFull) {
      const share = Math.ceil(batch.room / keys.length);
      keys = keys.filter((key) => this.takeFrom(key, batch, share));
    }
    this.count -= batch.items.length;
    return batch.items;
  }

  /** Puts commands back in front of their queues, in the order in which they were taken. */
  putBack(items: readonly Queued[]): void {
    for (const [key, taken] of groupBy(items, ({ command }) => command.key)) {
      this.queues.set(key, [...taken, ...(this.queues.get(key) ?? [])]);
    }
    this.count += items.length;
  }

  /**
   * The rest of the queue waits behind the others for its next turn.
   *
   * @returns whether the queue could give more
   */
  private takeFrom(key: string, batch: Batch<Queued>, countMax: number): boolean {
    const queue = this.queues.get(key)!;
    let taken = 0;
    while (taken < countMax && taken < queue.length && batch.add(queue[taken]!)) taken += 1;
    if (taken === 0) return false;
    this.queues.delete(key);
    if (taken === queue.length) return false;
    this.queues.set(key, queue.slice(taken));
    return taken === countMax;
  }
}

class Batch<Queued extends Item> {
  readonly items: Queued[] = [];
  private weight = 0;

  get room(): number {
    return COMMANDS_MAX - this.items.length;
  }

  get isFull(): boolean {
    return this.room === 0 || this.weight >= WEIGHT_MAX;
  }

  /** @returns false if it does not fit */
  add(item: Queued): boolean {
    const weight = this.weight + item.command.weight;
    if (this.room === 0 || (weight > WEIGHT_MAX && this.items.length > 0)) return false;
    this.weight = weight;
    this.items.push(item);
    return true;
  }
}
