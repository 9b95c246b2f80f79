import { overloaded } from '../errors/index.js';

export interface GateLimits {
  /** Connections that may be in use at once: the size of the pool behind the gate. */
  readonly connections: number;
  /** Callers that may wait for a connection; further ones are refused at once. */
  readonly waitersMax: number;
  /** The longest wait. */
  readonly waitMsMax: number;
}

interface Waiter {
  readonly admit: () => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * Admission to the connection pool. mysql2's pool has no acquire timeout (it ignores the option:
 * sidorares/node-mysql2#4497) and by default an unbounded queue, so the gate in front of it sets both limits.
 */
export class ConnectionGate {
  private free: number;
  private readonly waiters = new Set<Waiter>();

  constructor(private readonly limits: GateLimits) {
    this.free = limits.connections;
  }

  get connections(): number {
    return this.limits.connections;
  }

  get waiting(): number {
    return this.waiters.size;
  }

  get inUse(): number {
    return this.limits.connections - this.free;
  }

  /**
   * Runs `work` once a connection is free for it.
   *
   * @throws {DomainError} `overloaded` if the queue is full or the wait too long; the work has not started
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.enter();
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  private enter(): Promise<void> {
    if (this.free > 0) {
      this.free -= 1;
      return Promise.resolve();
    }
    if (this.waiters.size >= this.limits.waitersMax) return Promise.reject(overloaded());
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiters.delete(waiter);
        reject(overloaded());
      }, this.limits.waitMsMax);
      const waiter: Waiter = { admit: resolve, timer };
      this.waiters.add(waiter);
    });
  }

  /** Admits the caller that has waited longest (a Set keeps insertion order), or frees the connection. */
  private leave(): void {
    const [next] = this.waiters;
    if (next === undefined) {
      this.free += 1;
      return;
    }
    this.waiters.delete(next);
    clearTimeout(next.timer);
    next.admit();
  }
}
