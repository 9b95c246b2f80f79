import { type Connection, openConnections } from './connection.js';
import type { LoadResult, OverloadPlan } from './plan.js';
import { Recorder } from './recorder.js';
import { isFailure, outcomeOf, type Script, scriptFor } from './workloads.js';

const STEP_MS = 100;
/** The longest wait for answers after the last request. */
const DRAIN_MS_MAX = 60_000;

/**
 * Arrivals that do not depend on the answers, more than the service can serve. A refused person does not come
 * back, and an arrival that finds no free connection is not sent. Then the arrivals end, and a few connections
 * show how soon the service is at full speed again.
 */
export class Overload {
  private readonly script: Script;
  private readonly idle: Connection[] = [];
  private recorder!: Recorder;
  private startsAt = 0;
  private overloadEndsAt = 0;
  private endsAt = 0;
  private arrived = 0;
  private notSent = 0;
  private inFlight = 0;

  constructor(private readonly plan: OverloadPlan) {
    this.script = scriptFor(plan);
  }

  async run(): Promise<Omit<LoadResult, 'generatorCpu'>> {
    const { target, connections, seconds, after } = this.plan;
    this.idle.push(...(await openConnections(target, connections)));
    const calm = await openConnections(target, after.connections);
    const all = [...this.idle, ...calm];
    this.startsAt = performance.now();
    this.overloadEndsAt = this.startsAt + seconds * 1000;
    this.endsAt = this.overloadEndsAt + after.seconds * 1000;
    this.recorder = new Recorder(this.startsAt, this.overloadEndsAt, STEP_MS);
    await this.sendArrivals();
    for (const connection of calm) this.sendNext(connection);
    await this.untilAnswered();
    if (this.notSent > 0) this.recorder.answers['not sent'] = this.notSent;
    if (this.inFlight > 0) this.recorder.answers['no answer'] = this.inFlight;
    for (const connection of all) connection.close();
    return this.recorder.result(false);
  }

  private sendArrivals(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setInterval(() => {
        const now = performance.now();
        this.sendDue(Math.min(now, this.overloadEndsAt));
        if (now < this.overloadEndsAt) return;
        clearInterval(timer);
        resolve();
      }, 1);
    });
  }

  private sendDue(now: number): void {
    const due = Math.floor(((now - this.startsAt) / 1000) * this.plan.arrivalsPerSecond);
    while (this.arrived < due) {
      const connection = this.idle.pop();
      if (connection === undefined) {
        this.notSent += due - this.arrived;
        this.arrived = due;
        return;
      }
      this.arrived += 1;
      this.send(connection, () => this.idle.push(connection));
    }
  }

  /** After the overload: one request at a time on each connection. */
  private sendNext(connection: Connection): void {
    if (performance.now() >= this.endsAt) return;
    this.send(connection, () => this.sendNext(connection));
  }

  private send(connection: Connection, onAnswered: () => void): void {
    const startedAt = performance.now();
    this.inFlight += 1;
    void connection.sendFresh(this.script.next(0)!, (answer) => {
      this.inFlight -= 1;
      const outcome = outcomeOf(answer);
      this.recorder.record(outcome, !isFailure(outcome), startedAt, performance.now());
      onAnswered();
    });
  }

  private untilAnswered(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setInterval(() => {
        const now = performance.now();
        if (now < this.endsAt) return;
        if (this.inFlight > 0 && now < this.endsAt + DRAIN_MS_MAX) return;
        clearInterval(timer);
        resolve();
      }, 50);
    });
  }
}
