import { AsyncResource } from 'node:async_hooks';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type QueueNames, withQueueKey } from './queue-key.js';

/** Two batches: one that runs, and one that is read meanwhile. */
const BEGUN_MAX = 512;
const SWEEP_MS = 250;

/** Estimates waits. A key stands for a queue, for example an event. */
export interface WaitEstimate {
  /** @returns undefined if the request has entered; otherwise after how many seconds its client may return */
  tryEnter(key: string): number | undefined;
  leave(key: string): void;
  /** A request that has waited this long is refused, although the estimate was shorter. */
  readonly waitMsMax: number;
  /** How many were refused after they had waited too long. */
  late: number;
}

/** A request for a command, until its response has been sent. */
export class Visit {
  readonly arrivedAt = performance.now();
  /** Undefined if it began without a look at its body. */
  queue: Queue | undefined;
  hasBegun = false;
  isOver = false;
  /** Behind this one in the queue. */
  next: Visit | undefined;
  /** The context of this request: traces would attribute its work to the one before it. */
  scope: AsyncResource | undefined;
  waitedMs = 0;

  constructor(
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
    readonly route: string,
  ) {}
}

interface Queue {
  readonly key: string;
  begun: number;
  first: Visit | undefined;
  last: Visit | undefined;
}

export interface AdmissionSteps {
  begin(visit: Visit): void;
  /** Called before a request waits; its connection is in use from now on. */
  hold(visit: Visit): void;
  refuse(visit: Visit, retryAfterSeconds: number): void;
  /** The client of a request that has not begun got its refusal or disconnected. */
  end(visit: Visit): void;
}

/**
 * Lets a few hundred requests of each event begin; the others wait before they are parsed, first come, first
 * served, or are refused if they would wait too long. A request that has been parsed holds much
 * memory: with 10,000 of them, garbage collection took a quarter of the time.
 */
export class CommandAdmission {
  private readonly queues = new Map<string, Queue>();
  private begun = 0;
  private waiting = 0;
  private sweep: NodeJS.Timeout | undefined;

  constructor(
    private readonly steps: AdmissionSteps,
    private readonly waits: WaitEstimate,
    private readonly queueNames: QueueNames,
    private readonly begunMax = BEGUN_MAX,
  ) {}

  arrive(visit: Visit): void {
    visit.response.on('close', () => this.leave(visit));
    // The look into the body is left out while it makes no difference.
    if (this.waiting === 0 && this.begun < this.begunMax) return this.begin(visit);
    return withQueueKey(visit.request, this.queueNames, (key) => this.enter(visit, key));
  }

  private enter(visit: Visit, key: string): void {
    if (visit.isOver) return;
    const seconds = this.waits.tryEnter(key);
    if (seconds !== undefined) return this.steps.refuse(visit, seconds);
    const queue = this.queueOf(key);
    visit.queue = queue;
    if (queue.first === undefined && queue.begun < this.begunMax) return this.begin(visit);
    return this.hold(visit, queue);
  }

  private hold(visit: Visit, queue: Queue): void {
    visit.scope = new AsyncResource('rowlock.waiting');
    if (queue.last === undefined) queue.first = visit;
    else queue.last.next = visit;
    queue.last = visit;
    this.waiting += 1;
    this.steps.hold(visit);
    this.sweep ??= setInterval(() => this.refuseLate(), SWEEP_MS).unref();
  }

  private begin(visit: Visit): void {
    visit.hasBegun = true;
    this.begun += 1;
    if (visit.queue !== undefined) visit.queue.begun += 1;
    this.steps.begin(visit);
  }

  private leave(visit: Visit): void {
    visit.isOver = true;
    const { queue } = visit;
    if (queue !== undefined) this.waits.leave(queue.key);
    if (!visit.hasBegun) return this.steps.end(visit);
    this.begun -= 1;
    if (queue === undefined) return;
    queue.begun -= 1;
    this.beginNext(queue);
    if (queue.begun === 0) this.queues.delete(queue.key);
  }

  private beginNext(queue: Queue): void {
    while (queue.begun < this.begunMax) {
      const visit = this.take(queue);
      if (visit === undefined) return;
      if (visit.isOver) continue;
      visit.waitedMs = performance.now() - visit.arrivedAt;
      visit.scope!.runInAsyncScope(() => this.begin(visit));
    }
  }

  private take(queue: Queue): Visit | undefined {
    const { first } = queue;
    if (first === undefined) return undefined;
    queue.first = first.next;
    if (queue.first === undefined) queue.last = undefined;
    // An old request that something still refers to would keep all later ones in memory.
    first.next = undefined;
    this.waiting -= 1;
    return first;
  }

  /** The estimate was wrong, or a lock holds up the whole queue. */
  private refuseLate(): void {
    const before = performance.now() - this.waits.waitMsMax;
    for (const queue of this.queues.values()) {
      while (queue.first !== undefined && queue.first.arrivedAt < before) {
        const visit = this.take(queue)!;
        visit.waitedMs = performance.now() - visit.arrivedAt;
        if (visit.isOver) continue;
        this.waits.late += 1;
        this.steps.refuse(visit, 1);
      }
    }
    if (this.waiting > 0) return;
    clearInterval(this.sweep);
    this.sweep = undefined;
  }

  private queueOf(key: string): Queue {
    const known = this.queues.get(key);
    if (known !== undefined) return known;
    const queue = { key, begun: 0, first: undefined, last: undefined };
    this.queues.set(key, queue);
    return queue;
  }
}
