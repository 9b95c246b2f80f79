import { AsyncResource } from 'node:async_hooks';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

interface Connection extends Socket {
  /** How many of its requests wait; undefined if it has never pipelined. */
  waiting?: number;
}

/** One read of a connection can hold thousands of small requests, and each takes some kilobytes. */
const WAITING_PER_CONNECTION_MAX = 100;
const WAITING_MAX = 10_000;

/**
 * A client may send further requests before it has the response to the first (pipelining), and Node hands
 * all of them over at once. Here, each waits until the response before it has been sent, and its connection
 * is not read meanwhile.
 */
export class Pipelining {
  private waiting = 0;

  constructor(
    private readonly perConnectionMax = WAITING_PER_CONNECTION_MAX,
    private readonly waitingMax = WAITING_MAX,
  ) {}

  /**
   * Calls `begin` when it is the turn of this response, and never if its connection ends before. Cuts a
   * connection that sends too many.
   *
   * @param response one that its connection cannot send yet: its `socket` is null
   */
  hold(response: ServerResponse, begin: () => void): void {
    const connection = response.req.socket as Connection;
    if (connection.destroyed) return;
    connection.waiting ??= this.watch(connection);
    connection.waiting += 1;
    this.waiting += 1;
    if (connection.waiting > this.perConnectionMax || this.waiting > this.waitingMax) {
      connection.destroy();
      return;
    }
    connection.pause();
    // In the context of this request: traces would attribute its work to the one before it.
    const start = AsyncResource.bind(() => this.release(connection, begin));
    // Node emits it while it still works on the response before this one.
    response.once('socket', () => process.nextTick(start));
  }

  private release(connection: Connection, begin: () => void): void {
    // The response before this one may have been the last of its connection.
    if (connection.destroyed || !connection.writable) return;
    connection.waiting! -= 1;
    this.waiting -= 1;
    if (connection.waiting === 0) connection.resume();
    begin();
  }

  private watch(connection: Connection): number {
    // Node itself resumes it after each request that has arrived.
    connection.on('resume', () => {
      if (connection.waiting! > 0) connection.pause();
    });
    connection.once('close', () => (this.waiting -= connection.waiting!));
    return 0;
  }
}
