import { type Answer, type Connection, openConnections } from './connection.js';
import type { ClosedPlan, LoadResult } from './plan.js';
import { Recorder } from './recorder.js';
import { isFault, outcomeOf, type Script, scriptFor } from './workloads.js';

/** Whoever got no answer at all tries again after this long, and whoever is told when, then. */
const RECONNECT_MS = 100;
/** Answers still under way at the end are waited for: what was acknowledged must be counted. */
const LATE_MS_MAX = 60_000;

/** N connections, each with one request under way at any time. */
export class ClosedLoop {
  private readonly script: Script;
  private running = 0;
  private ranOut = true;
  private recorder!: Recorder;
  private endsAt = 0;
  private allEnded: () => void = () => undefined;

  constructor(private readonly plan: ClosedPlan) {
    this.script = scriptFor(plan);
  }

  async run(): Promise<Omit<LoadResult, 'generatorCpu'>> {
    const { target, connections: count, warmUpMs, measureMs } = this.plan;
    const connections = await openConnections(target, count);
    const windowStart = performance.now() + warmUpMs;
    this.endsAt = windowStart + measureMs;
    this.recorder = new Recorder(windowStart, this.endsAt);
    const ended = new Promise<void>((resolve) => (this.allEnded = resolve));
    this.running = connections.length;
    connections.forEach((connection, index) => this.sendNext(connection, index));
    const late = setTimeout(this.allEnded, warmUpMs + measureMs + LATE_MS_MAX);
    await ended;
    clearTimeout(late);
    if (this.running > 0) this.recorder.answers['no answer'] = this.running;
    for (const connection of connections) connection.close();
    return this.recorder.result(this.ranOut);
  }

  private sendNext(connection: Connection, index: number): void {
    const startedAt = performance.now();
    if (startedAt >= this.endsAt) {
      this.ranOut = false;
      return this.end();
    }
    const request = this.script.next(index);
    if (request === undefined) return this.end();
    connection.send(request, (answer) => this.take(connection, index, answer, startedAt));
  }

  // The fourth argument saves an object a request.
  private take(connection: Connection, index: number, answer: Answer, startedAt: number): void {
    const outcome = outcomeOf(answer);
    const fault = isFault(outcome);
    const isCounted = !fault && (this.script.counted?.has(outcome) ?? true);
    this.recorder.record(outcome, isCounted, startedAt, performance.now());
    if (!fault) {
      this.script.answered?.(index, outcome);
      this.sendNext(connection, index);
      return;
    }
    setTimeout(() => void this.goOn(connection, index), pauseAfter(answer));
  }

  private async goOn(connection: Connection, index: number): Promise<void> {
    if (!connection.isOpen && performance.now() < this.endsAt) await connection.open();
    this.sendNext(connection, index);
  }

  private end(): void {
    this.running -= 1;
    if (this.running === 0) this.allEnded();
  }
}

/** A polite client: it comes back when it was told to. */
function pauseAfter({ status, head }: Answer): number {
  if (status === 0) return RECONNECT_MS;
  const seconds = /\r\nretry-after: *(\d+)/i.exec(head)?.[1];
  return seconds === undefined ? 0 : Number(seconds) * 1000;
}
