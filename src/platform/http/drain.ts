import type { Server, ServerResponse } from 'node:http';
import { Server as TcpServer, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** A connection, and the answer that is under way on it; HTTP/1.1 clients wait for one at a time. */
interface Connection extends Socket {
  answer?: ServerResponse | undefined;
  /** When that answer was asked for. */
  askedAt?: number;
}

/**
 * From the headers of a request to the last byte of its answer: half a minute for its body to arrive,
 * as much for the work, and the rest for a slow line. Node itself has no deadline for whoever asks and
 * does not take the answer.
 */
const ANSWER_MS_MAX = 120_000;
const LOOK_EVERY_MS = 5_000;

/** In less than this next to nobody can have come. */
const QUIET_MS_MAX = 0.2;
const TURNS_MAX = 2_000;

declare module 'fastify' {
  interface FastifyInstance {
    drain: Drain;
  }
}

/**
 * Lets the server end. Node waits until every connection has closed by itself; a client that keeps
 * its connection alive, or opened one and said nothing yet, would hold up the end of the service.
 * What runs is noted on the connection itself: a map of all running answers cost a sixth of the
 * throughput of a status read.
 */
export class Drain {
  private readonly connections = new Set<Connection>();
  private accepted = 0;
  private isEnding = false;
  private isCutting = false;
  private whenEmpty: (() => void) | undefined;

  constructor(
    private readonly server: Server,
    private readonly answerMsMax = ANSWER_MS_MAX,
    lookEveryMs = LOOK_EVERY_MS,
  ) {
    const looks = setInterval(() => this.cutUntaken(), lookEveryMs).unref();
    server.once('close', () => clearInterval(looks));
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

  begin(answer: ServerResponse): void {
    const connection = answer.req.socket as Connection;
    connection.answer = answer;
    connection.askedAt = performance.now();
    if (this.isEnding) answer.setHeader('Connection', 'close');
  }

  end(answer: ServerResponse): void {
    const connection = answer.req.socket as Connection;
    // Who sends requests without waiting for answers has others under way.
    if (connection.answer === answer) connection.answer = undefined;
    if (this.isCutting) this.closeWhenDone();
  }

  /**
   * Takes no new connections, and gives those there are time to be closed by the other side. A proxy
   * keeps idle connections for its next requests, and were one closed here at the moment at which a
   * request is sent on it, the proxy could not know what became of that. So every answer now says
   * that it is the last on its connection, and idle ones are left to the proxy.
   *
   * @param idleMsMax longer than the proxy keeps connections that idle
   */
  async retire(idleMsMax: number): Promise<void> {
    await this.quietMoment();
    // Not http.Server's own close(): that closes idle connections at once.
    TcpServer.prototype.close.call(this.server);
    this.sayLast();
    if (this.connections.size === 0) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.whenEmpty = resolve;
      timer = setTimeout(resolve, idleMsMax);
    });
    clearTimeout(timer);
  }

  /** Answers that are under way end their connections; with the last of them all others are cut. */
  cut(): void {
    this.isCutting = true;
    this.sayLast();
    // Only once the server has stopped listening are there no new ones.
    setImmediate(() => this.closeWhenDone());
  }

  /**
   * Waits until nobody stands in the queue of the listening socket, whose end would reset those who do:
   * until a short turn of the event loop, which takes one of them at a time, has taken none.
   */
  private async quietMoment(): Promise<void> {
    await nextTurn();
    for (let turn = 0; turn < TURNS_MAX; turn += 1) {
      const { accepted } = this;
      const started = performance.now();
      await nextTurn();
      if (accepted === this.accepted && performance.now() - started < QUIET_MS_MAX) return;
    }
  }

  private cutUntaken(): void {
    const before = performance.now() - this.answerMsMax;
    for (const connection of this.connections) {
      if (connection.answer !== undefined && connection.askedAt! < before) connection.destroy();
    }
  }

  private sayLast(): void {
    this.isEnding = true;
    for (const { answer } of this.connections) {
      if (answer?.headersSent === false) answer.setHeader('Connection', 'close');
    }
  }

  private closeWhenDone(): void {
    for (const { answer } of this.connections) if (answer !== undefined) return;
    this.server.closeAllConnections();
  }
}
