import type { Server, ServerResponse } from 'node:http';
import { Server as TcpServer, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** A connection and its response in progress; there is one at a time (see Pipelining). */
interface Connection extends Socket {
  response?: ServerResponse | undefined;
  /** When its request arrived. */
  startedAt?: number;
}

export const responseInProgress = (connection: Connection): ServerResponse | undefined =>
  connection.response;

/**
 * From the headers of a request to the last byte of its response: 30 s for the body to arrive, 30 s for the
 * work, and the rest for a slow line. Node itself has no timeout for clients that do not read.
 */
const RESPONSE_MS_MAX = 120_000;
const CHECK_EVERY_MS = 5_000;

/** A turn of the event loop this short has accepted no connection. */
const QUIET_MS_MAX = 0.2;
/** More than the accept queue can hold. */
const TURNS_MAX = 20_000;

declare module 'fastify' {
  interface FastifyInstance {
    drain: Drain;
  }
}

/**
 * Closes connections at shutdown. Node waits until every connection has closed by itself, so a client with a
 * keep-alive connection, or one that has sent nothing yet, would delay the shutdown. The response in progress
 * is kept on the connection itself: a map of all of them cost a sixth of the throughput of status reads.
 */
export class Drain {
  private readonly connections = new Set<Connection>();
  private accepted = 0;
  private isEnding = false;
  private isCutting = false;
  private whenEmpty: (() => void) | undefined;

  constructor(
    private readonly server: Server,
    private readonly responseMsMax = RESPONSE_MS_MAX,
    checkEveryMs = CHECK_EVERY_MS,
  ) {
    const timer = setInterval(() => this.cutUnread(), checkEveryMs).unref();
    server.once('close', () => clearInterval(timer));
    server.on('connection', (connection: Connection) => {
      this.accepted += 1;
      this.connections.add(connection);
      connection.once('close', () => {
        this.connections.delete(connection);
        if (this.connections.size === 0) this.whenEmpty?.();
        if (this.isCutting) this.closeWhenDone();
      });
    });
  }

  begin(response: ServerResponse): void {
    const connection = response.req.socket as Connection;
    connection.response = response;
    connection.startedAt = performance.now();
    if (this.isEnding) response.setHeader('Connection', 'close');
  }

  end(response: ServerResponse): void {
    const connection = response.req.socket as Connection;
    // The next one, which has waited for the end of this one, may have begun already.
    if (connection.response === response) connection.response = undefined;
    if (this.isCutting) this.closeWhenDone();
  }

  /**
   * Accepts no new connections, and gives existing ones time to be closed by the other side. A proxy keeps
   * idle connections for later requests; if one were closed here just as a request is sent on it, the proxy
   * could not know whether that request was handled. So every response now announces the end of its
   * connection, and idle connections are left to the proxy.
   *
   * @param idleMsMax longer than the proxy keeps idle connections
   */
  async retire(idleMsMax: number): Promise<void> {
    await this.emptyAcceptQueue();
    // http.Server's own close() would close idle connections at once.
    TcpServer.prototype.close.call(this.server);
    this.announceEnd();
    if (this.connections.size === 0) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.whenEmpty = resolve;
      timer = setTimeout(resolve, idleMsMax);
    });
    clearTimeout(timer);
  }

  /** Responses in progress end their connections; after the last one, all others are cut. */
  cut(): void {
    this.isCutting = true;
    this.announceEnd();
    // New connections can arrive until the server has stopped listening.
    setImmediate(() => this.closeWhenDone());
  }

  /**
   * Waits until the accept queue of the listening socket is empty, because closing the socket would reset the
   * connections in it. A turn of the event loop accepts one of them, so a short turn means there is none.
   */
  private async emptyAcceptQueue(): Promise<void> {
    await nextTurn();
    for (let turn = 0; turn < TURNS_MAX; turn += 1) {
      const { accepted } = this;
      const started = performance.now();
      await nextTurn();
      if (accepted === this.accepted && performance.now() - started < QUIET_MS_MAX) return;
    }
  }

  private cutUnread(): void {
    const before = performance.now() - this.responseMsMax;
    for (const connection of this.connections) {
      if (connection.response !== undefined && connection.startedAt! < before) connection.destroy();
    }
  }

  private announceEnd(): void {
    this.isEnding = true;
    for (const { response } of this.connections) {
      if (response?.headersSent === false) response.setHeader('Connection', 'close');
    }
  }

  private closeWhenDone(): void {
    for (const { response } of this.connections) if (response !== undefined) return;
    this.server.closeAllConnections();
  }
}
