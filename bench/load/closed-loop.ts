import { type Answer, type Connection, openConnections } from './connection.js';
import type { ClosedPlan, LoadResult } from './plan.js';
import { Recorder } from './recorder.js';
import { isFailure, outcomeOf, retryAfterMs, type Script, scriptFor } from './workloads.js';

/** A client whose connection was lost waits this long before it connects again. */
const RECONNECT_MS = 100;
/** The longest wait for the last answers: the audit must know every acknowledged change. */
const DRAIN_MS_MAX = 60_000;

/** N connections with one request in flight on each. */
export class ClosedLoop {
  private readonly script: Script;
  private running = 0;
  private ranOutOfWork = true;
  private recorder!: Recorder;
  private endsAt = 0;
  private resolveEnded: () => void = () => undefined;

  constructor(private readonly plan: ClosedPlan) {
    this.script = scriptFor(plan);
  }

  async run(): Promise<Omit<LoadResult, 'generatorCpu'>> {
    const { target, connections: count, warmUpMs, measureMs } = this.plan;
    const connections = await openConnections(target, count);
    const windowStart = performance.now() + warmUpMs;
    this.endsAt = windowStart + measureMs;
    this.recorder = new Recorder(windowStart, this.endsAt);
    const ended = new Promise<void>((resolve) => (this.resolveEnded = resolve));
    this.running = connections.length;
    connections.forEach((connection, index) => this.sendNext(connection, index));
    const drainTimeout = setTimeout(this.resolveEnded, warmUpMs + measureMs + DRAIN_MS_MAX);
    await ended;
    clearTimeout(drainTimeout);
    if (this.running > 0) this.recorder.answers['no answer'] = this.running;
    for (const connection of connections) connection.close();
    return this.recorder.result(this.ranOutOfWork);
  }

  private sendNext(connection: Connection, index: number): void {
    const startedAt = performance.now();
    if (startedAt >= this.endsAt) {
      this.ranOutOfWork = false;
      return this.end();
    }
    const request = this.script.next(index);
    if (request === undefined) return this.end();
    connection.send(request, (answer) => this.onAnswer(connection, index, answer, startedAt));
  }

  // Four arguments instead of an object save an allocation per request.
  private onAnswer(connection: Connection, index: number, answer: Answer, startedAt: number): void {
    const outcome = outcomeOf(answer);
    const failed = isFailure(outcome);
    const isCounted = !failed && (this.script.countedOutcomes?.has(outcome) ?? true);
    this.recorder.record(outcome, isCounted, startedAt, performance.now());
    if (!failed) {
      this.script.onAnswer?.(index, outcome);
      this.sendNext(connection, index);
      return;
    }
    setTimeout(() => void this.resume(connection, index), pauseAfter(answer));
  }

  private async resume(connection: Connection, index: number): Promise<void> {
    if (!connection.isOpen && performance.now() < this.endsAt) await connection.open();
    this.sendNext(connection, index);
  }

  private end(): void {
    this.running -= 1;
    if (this.running === 0) this.resolveEnded();
  }
}

/** Clients obey Retry-After. */
const pauseAfter = (answer: Answer): number =>
  answer.status === 0 ? RECONNECT_MS : (retryAfterMs(answer) ?? 0);
