import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Lets the server end. Node waits until every connection has closed by itself; a client that keeps
 * its connection alive, or opened one and said nothing yet, would hold up the end of the service.
 */
export class Drain {
  /** By connection: HTTP/1.1 clients wait for one answer before they ask again. */
  private readonly running = new Map<Socket, ServerResponse>();
  private isDraining = false;

  constructor(private readonly server: Server) {
    // One listener a connection instead of one a request; a client that hangs up gets no answer.
    server.on('connection', (socket) => socket.once('close', () => this.end(socket)));
  }

  begin(response: ServerResponse): void {
    this.running.set(response.req.socket, response);
  }

  end(socket: Socket): void {
    if (this.running.delete(socket)) this.closeWhenDone();
  }

  /** Answers that are under way end their connections; with the last of them all others are cut. */
  start(): void {
    this.isDraining = true;
    for (const response of this.running.values()) {
      if (!response.headersSent) response.setHeader('Connection', 'close');
    }
    // Only once the server has stopped listening are there no new ones.
    setImmediate(() => this.closeWhenDone());
  }

  private closeWhenDone(): void {
    if (this.isDraining && this.running.size === 0) this.server.closeAllConnections();
  }
}
