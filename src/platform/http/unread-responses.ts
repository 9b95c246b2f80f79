import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Longer than nginx waits for a client that does not read (`send_timeout`). */
const STALL_MS_MAX = 20_000;
/** Node keeps up to twice as much memory until a response has been sent. */
const BYTES_MAX = 128 * 1024 * 1024;

/**
 * The responses that their clients have not read yet, except for what the operating system buffers. A
 * client that reads nothing for a while is cut off. If all of them together take too much memory, those are
 * cut off first that have been at it longest.
 */
export class UnreadResponses {
  /** Bytes, oldest first. */
  private readonly sizes = new Map<ServerResponse, number>();
  private bytes = 0;
  private cuts = 0;

  constructor(
    private readonly bytesMax = BYTES_MAX,
    private readonly stallMsMax = STALL_MS_MAX,
  ) {}

  /** The bytes of all, and how many connections were cut off so far. */
  get totals(): { readonly bytes: number; readonly cuts: number } {
    return { bytes: this.bytes, cuts: this.cuts };
  }

  /** @param response one that was just ended; most are sent at once and cost nothing here */
  watch(response: ServerResponse): void {
    const { socket, writableLength } = response;
    if (socket !== null && writableLength > 0) this.add(response, socket, writableLength);
  }

  private add(response: ServerResponse, connection: Socket, size: number): void {
    this.sizes.set(response, size);
    this.bytes += size;
    const countCut = (): void => void (this.cuts += 1);
    // Node destroys the connection then, unless it has sent something meanwhile.
    connection.setTimeout(this.stallMsMax).once('timeout', countCut);
    response.once('close', () => {
      connection.off('timeout', countCut);
      this.remove(response);
      // Node has set its own timeout if the connection is idle now.
      if (connection.timeout === this.stallMsMax) connection.setTimeout(0);
    });
    this.cutOldest();
  }

  private cutOldest(): void {
    for (const response of this.sizes.keys()) {
      if (this.bytes <= this.bytesMax) return;
      this.remove(response);
      this.cuts += 1;
      response.req.socket.destroy();
    }
  }

  private remove(response: ServerResponse): void {
    this.bytes -= this.sizes.get(response) ?? 0;
    this.sizes.delete(response);
  }
}
