import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** A connection, and the answer that is under way on it; HTTP/1.1 clients wait for one at a time. */
interface Connection extends Socket {
  answer?: ServerResponse | undefined;
}

/**
 * Lets the server end. Node waits until every connection has closed by itself; a client that keeps
 * its connection alive, or opened one and said nothing yet, would hold up the end of the service.
 * What runs is noted on the connection itself: a map of all running answers cost a sixth of the
 * throughput of a status read.
 */
export class Drain {
  private readonly connections = new Set<Connection>();
  private isDraining = false;

  constructor(private readonly server: Server) {
    server.on('connection', (connection: Connection) => {
      this.connections.add(connection);
      connection.once('close', () => {
        this.connections.delete(connection);
        if (this.isDraining) this.closeWhenDone();
      });
    });
  }

  begin(answer: ServerResponse): void {
    (answer.req.socket as Connection).answer = answer;
  }

  end(answer: ServerResponse): void {
    (answer.req.socket as Connection).answer = undefined;
    if (this.isDraining) this.closeWhenDone();
  }

  /** Answers that are under way end their connections; with the last of them all others are cut. */
  start(): void {
    this.isDraining = true;
    for (const { answer } of this.connections) {
      if (answer?.headersSent === false) answer.setHeader('Connection', 'close');
    }
    // Only once the server has stopped listening are there no new ones.
    setImmediate(() => this.closeWhenDone());
  }

  private closeWhenDone(): void {
    for (const { answer } of this.connections) if (answer !== undefined) return;
    this.server.closeAllConnections();
  }
}
