import { createPool, type Pool, type PoolConnection, type PoolOptions } from 'mysql2';
import { ServerFacts, type VariableRow } from './server-facts.js';
import { Session, type SessionPurpose } from './session.js';

/** Preparing a session takes a millisecond; a server that needs this long is lost. */
const PREPARE_MS_MAX = 3_000;

/** Well below the silence after which the server ends a session (session.ts). */
const PING_MS = 3_000;

export type GotConnection = (error: Error | null, connection?: PoolConnection) => void;

const owners = new WeakMap<PoolConnection, SessionPool>();

/** Closes a connection instead of returning it to its pool. */
export function destroyConnection(connection: PoolConnection): void {
  owners.get(connection)?.forget(connection);
  connection.destroy();
}

/**
 * mysql2's pool, for TypeORM: every connection has our session before anybody gets it.
 *
 * It also pings its idle connections. The server ends a session that is silent for some seconds, and with it the locks of
 * its transaction: so an instance that is frozen, or whose host has lost power, does not keep other instances
 * waiting.
 */
export class SessionPool {
  private readonly pool: Pool;
  private readonly session: Session;
  /** Prepared, and not closed as far as we know. */
  private readonly open = new Set<PoolConnection>();
  private readonly lent = new WeakSet<PoolConnection>();
  private readonly pings: NodeJS.Timeout;
  private isRetired = false;

  /** @param lost called when a connection cannot be opened, or is not usable any more */
  constructor(
    options: PoolOptions,
    purpose: SessionPurpose,
    private readonly lost: () => void = () => undefined,
  ) {
    this.pool = createPool(options);
    this.session = new Session(purpose);
    this.pool.on('release', (connection) => {
      this.lent.delete(connection);
      if (this.isRetired) destroyConnection(connection);
    });
    this.pings = setInterval(() => this.pingIdle(), PING_MS).unref();
  }

  getConnection(callback: GotConnection): void {
    this.pool.getConnection((error, connection) => {
      if (error !== null) {
        this.lost();
        return callback(error);
      }
      this.lent.add(connection);
      if (this.open.has(connection)) callback(null, connection);
      else this.prepare(connection, callback);
    });
  }

  end(callback: (error?: Error | null) => void): void {
    clearInterval(this.pings);
    this.pool.end(callback);
  }

  /** Closes all connections: those in use as soon as they are returned. */
  retire(): void {
    this.isRetired = true;
    for (const connection of this.open) {
      if (!this.lent.has(connection)) destroyConnection(connection);
    }
    this.endIfEmpty();
  }

  forget(connection: PoolConnection): void {
    if (!this.open.delete(connection)) return;
    if (this.isRetired) this.endIfEmpty();
    else this.lost();
  }

  private endIfEmpty(): void {
    if (this.open.size === 0) this.end(() => undefined);
  }

  private prepare(connection: PoolConnection, callback: GotConnection): void {
    const fail = (error: Error): void => {
      connection.destroy();
      this.lost();
      callback(error);
    };
    const { sql } = this.session;
    connection.query({ sql, timeout: PREPARE_MS_MAX }, (error, results) => {
      if (error !== null) return fail(error);
      const [session, server] = (results as unknown as VariableRow[][]).slice(-2);
      try {
        this.session.verify(session!);
      } catch (difference) {
        return fail(difference as Error);
      }
      const more = new ServerFacts(server!).sessionSettings;
      const succeed = (): void => {
        this.keep(connection);
        callback(null, connection);
      };
      if (more === undefined) return succeed();
      connection.query({ sql: more, timeout: PREPARE_MS_MAX }, (refusal) =>
        refusal === null ? succeed() : fail(refusal),
      );
    });
  }

  private keep(connection: PoolConnection): void {
    owners.set(connection, this);
    this.open.add(connection);
    for (const event of ['end', 'error']) connection.once(event, () => this.forget(connection));
  }

  /**
   * Only those that nobody uses: Galera reports a transaction that it has rolled back at the next command, whatever
   * that is, and a ping would take the report from the statement after it.
   */
  private pingIdle(): void {
    for (const connection of this.open) {
      if (!this.lent.has(connection)) connection.ping(() => undefined);
    }
  }
}
