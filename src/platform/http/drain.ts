import type { Server, ServerResponse } from 'node:http';

/**
 * Lets the server end. Node waits until every connection has closed by itself; a client that keeps
 * its connection alive, or opened one and said nothing yet, would hold up the end of the service.
 */
export class Drain {
  private readonly running = new Set<ServerResponse>();
  private isDraining = false;

  constructor(private readonly server: Server) {}

  begin(response: ServerResponse): void {
    this.running.add(response);
  }

  end(response: ServerResponse): void {
    this.running.delete(response);
    this.closeWhenDone();
  }

  /** Answers that are under way end their connections; with the last of them all others are cut. */
  start(): void {
    this.isDraining = true;
    for (const response of this.running) {
      if (!response.headersSent) response.setHeader('Connection', 'close');
    }
    // Only once the server has stopped listening are there no new ones.
    setImmediate(() => this.closeWhenDone());
  }

  private closeWhenDone(): void {
    if (this.isDraining && this.running.size === 0) this.server.closeAllConnections();
  }
}
