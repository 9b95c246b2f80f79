import { type Answer, type Connection, openConnections } from './connection.js';
import type { LoadResult, OpenPlan } from './plan.js';
import { Recorder } from './recorder.js';
import { isFailure, outcomeOf, type Script, scriptFor } from './workloads.js';

/** The longest wait for answers after the last arrival. */
const DRAIN_MS_MAX = 60_000;

/**
 * Sends requests when they are due, whether or not the service keeps up. Latency runs from the due time, so
 * a service that falls behind cannot hide it by slowing its callers (coordinated omission).
 */
export class OpenLoop {
  private readonly script: Script;
  private readonly due: readonly number[];
  private readonly idle: Connection[] = [];
  private readonly recorder: Recorder;
  private readonly startsAt: number;
  private sent = 0;
  private answered = 0;
  private finish: () => void = () => undefined;

  constructor(private readonly plan: OpenPlan) {
    this.script = scriptFor(plan);
    this.due = arrivalTimes(plan.arrivalsPerSecond);
    // Leaves time to open the connections first.
    this.startsAt = performance.now() + 200 + plan.connections;
    const lastAt = this.startsAt + plan.arrivalsPerSecond.length * 1000 + DRAIN_MS_MAX;
    this.recorder = new Recorder(this.startsAt, lastAt);
  }

  async run(): Promise<Omit<LoadResult, 'generatorCpu'>> {
    const connections = await openConnections(this.plan.target, this.plan.connections);
    this.idle.push(...connections);
    const finished = new Promise<void>((resolve) => (this.finish = resolve));
    const timer = setInterval(() => this.sendDue(), 1);
    const drainTimeout = setTimeout(
      this.finish,
      this.plan.arrivalsPerSecond.length * 1000 + DRAIN_MS_MAX + this.plan.connections,
    );
    await finished;
    clearInterval(timer);
    clearTimeout(drainTimeout);
    const unanswered = this.due.length - this.answered;
    if (unanswered > 0) this.recorder.answers['no answer'] = unanswered;
    for (const connection of connections) connection.close();
    return this.recorder.result(true);
  }

  private sendDue(): void {
    const now = performance.now() - this.startsAt;
    while (this.sent < this.due.length && this.due[this.sent]! <= now) {
      // The longest idle: the service closes a connection that has sent nothing for 15 s.
      const connection = this.idle.shift();
      if (connection === undefined) return;
      const dueAt = this.startsAt + this.due[this.sent]!;
      this.sent += 1;
      const request = this.script.next(0)!;
      void connection.sendFresh(request, (answer) => this.onAnswer(connection, answer, dueAt));
    }
  }

  private onAnswer(connection: Connection, answer: Answer, dueAt: number): void {
    const outcome = outcomeOf(answer);
    this.recorder.record(outcome, !isFailure(outcome), dueAt, performance.now());
    this.answered += 1;
    if (this.answered === this.due.length) this.finish();
    this.idle.push(connection);
    this.sendDue();
  }
}

/** Milliseconds from the start, ascending and random within each second. */
function arrivalTimes(perSecond: readonly number[]): number[] {
  return perSecond
    .flatMap((count, second) =>
      Array.from({ length: count }, () => (second + Math.random()) * 1000),
    )
    .sort((a, b) => a - b);
}
