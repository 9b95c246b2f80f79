import type { PoolOptions } from 'mysql2';
import type { DatabaseAddress } from '../config/index.js';
import type { HostChoice } from './host-choice.js';
import { type GotConnection, SessionPool } from './session-pool.js';
import type { SessionPurpose } from './session.js';

/**
 * A pool of connections to the host that is chosen. When the choice moves, the connections to the previous host are
 * closed: those in use, once their work has ended.
 *
 * mysql2's PoolCluster does not know which server can be written, and goes back to a host as soon as it answers.
 */
export class FailoverPool {
  private host: DatabaseAddress | undefined;
  private pool: SessionPool | undefined;

  constructor(
    private readonly choice: HostChoice,
    private readonly options: PoolOptions,
    private readonly purpose: SessionPurpose,
  ) {
    choice.follow(this.move);
  }

  getConnection(callback: GotConnection): void {
    void this.connect(callback);
  }

  end(callback: (error?: Error | null) => void): void {
    this.choice.unfollow(this.move);
    if (this.pool === undefined) callback();
    else this.pool.end(callback);
  }

  private async connect(callback: GotConnection): Promise<void> {
    this.poolOf(await this.choice.choose()).getConnection(callback);
  }

  private readonly move = (): void => {
    if (this.host !== this.choice.current) this.leave();
  };

  private leave(): void {
    this.pool?.retire();
    this.pool = undefined;
  }

  private poolOf(host: DatabaseAddress): SessionPool {
    if (this.pool !== undefined && this.host === host) return this.pool;
    this.leave();
    this.host = host;
    const options = { ...this.options, host: host.host!, port: host.port! };
    const lost = (): void => this.choice.suspect();
    this.pool = new SessionPool(options, this.purpose, lost);
    return this.pool;
  }
}
