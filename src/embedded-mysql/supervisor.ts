import { launchServer, type ServerPlan, type ServerProcess } from './server-process.js';
import { pause } from './timing.js';

const BACKOFF_MIN_MS = 250;
const BACKOFF_MAX_MS = 5_000;
const STABLE_MS = 60_000;

/** Keeps a server running: one that ends by itself is started again, until stop(). */
export class Supervisor {
  private readonly stopping = new AbortController();
  private readonly stopWanted = new Promise<string>((resolve) => {
    this.stopping.signal.addEventListener('abort', () => resolve('stop'), { once: true });
  });
  private readonly watched: Promise<void>;

  constructor(
    private readonly plan: ServerPlan,
    private server: ServerProcess,
  ) {
    this.watched = this.watch();
  }

  /** Starts the first server; a failure of this one is the caller's, it is not repeated. */
  static async start(plan: ServerPlan): Promise<Supervisor> {
    return new Supervisor(plan, await launchServer(plan));
  }

  get pid(): number {
    return this.server.pid;
  }

  /** Shuts the server down, also one that is just being started again. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.watched;
  }

  private get isStopping(): boolean {
    return this.stopping.signal.aborted;
  }

  /** The only place that starts and ends servers, hence stop() cannot cross a restart. */
  private async watch(): Promise<void> {
    let attempt = 0;
    while (!this.isStopping) {
      const since = Date.now();
      const ending = await Promise.race([this.server.exited, this.stopWanted]);
      if (this.isStopping) break;
      if (Date.now() - since > STABLE_MS) attempt = 0;
      this.plan.say(`the embedded database ended by itself (${ending}): starting it again`);
      attempt = await this.bringBack(attempt);
    }
    await this.server.end();
  }

  /** Tries until it runs or stop() is called; returns the number of the next attempt. */
  private async bringBack(firstAttempt: number): Promise<number> {
    for (let attempt = firstAttempt; ; attempt++) {
      await pause(backoffMs(attempt), this.stopping.signal);
      if (this.isStopping) return attempt;
      try {
        this.server = await launchServer(this.plan, this.stopping.signal);
        this.plan.say(`the embedded database is back (pid ${this.server.pid})`);
        return attempt + 1;
      } catch (error) {
        if (this.isStopping) return attempt;
        const seconds = backoffMs(attempt + 1) / 1000;
        this.plan.say(`${String(error)}\ntrying again in ${seconds} s`);
      }
    }
  }
}

/** The first restart is immediate: a server killed once is usually fine the next moment. */
function backoffMs(attempt: number): number {
  if (attempt === 0) return 0;
  return Math.min(BACKOFF_MAX_MS, BACKOFF_MIN_MS * 2 ** (attempt - 1));
}
