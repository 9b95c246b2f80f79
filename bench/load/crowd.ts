import { type Answer, type Connection, openConnections } from './connection.js';
import type { CrowdPlan, LoadResult } from './plan.js';
import { Recorder } from './recorder.js';
import { isFailure, outcomeOf, retryAfterMs, scriptFor } from './workloads.js';

/** People who have no final answer by then are counted as `no answer`. */
const PATIENCE_MS = 120_000;
const STEP_MS = 100;
/** One address has about 28,000 ports for connections to one server. */
const PEOPLE_PER_ADDRESS = 5_000;

let crowds = 0;

/**
 * N people, each on a connection of their own, all ask at the same moment. A refused person asks again after
 * `Retry-After`. Latency runs from the common start to the final answer.
 */
export class Crowd {
  private requests: readonly string[] = [];
  private recorder!: Recorder;
  private startedAt = 0;
  private waiting = 0;
  private finish: () => void = () => undefined;

  constructor(private readonly plan: CrowdPlan) {}

  async run(): Promise<Omit<LoadResult, 'generatorCpu'>> {
    const { target, people } = this.plan;
    const script = scriptFor(this.plan);
    this.requests = Array.from({ length: people }, (_, person) => script.next(person)!);
    const connections = await openConnections(target, people, localAddresses());
    const finished = new Promise<void>((resolve) => (this.finish = resolve));
    this.waiting = people;
    this.startedAt = performance.now();
    this.recorder = new Recorder(this.startedAt, Infinity, STEP_MS);
    connections.forEach((connection, person) => this.ask(connection, person));
    const timer = setTimeout(this.finish, PATIENCE_MS);
    await finished;
    clearTimeout(timer);
    if (this.waiting > 0) this.recorder.answers['no answer'] = this.waiting;
    for (const connection of connections) connection.close();
    return this.recorder.result(true);
  }

  private ask(connection: Connection, person: number): void {
    connection.send(this.requests[person]!, (answer) => this.onAnswer(connection, person, answer));
  }

  private onAnswer(connection: Connection, person: number, answer: Answer): void {
    const outcome = outcomeOf(answer);
    this.recorder.record(outcome, !isFailure(outcome), this.startedAt, performance.now());
    const pauseMs = answer.status === 503 ? retryAfterMs(answer) : undefined;
    if (pauseMs !== undefined) {
      // Real clients spread out: people do not press a button at the same millisecond.
      setTimeout(() => this.ask(connection, person), pauseMs * (0.5 + Math.random()));
      return;
    }
    connection.close();
    this.waiting -= 1;
    if (this.waiting === 0) this.finish();
  }
}

/** Other addresses for every crowd, because a closed connection occupies its port for a minute. */
function localAddresses(): (person: number) => string {
  crowds += 1;
  const network = crowds % 250;
  return (person) => `127.1.${network}.${1 + Math.floor(person / PEOPLE_PER_ADDRESS)}`;
}
