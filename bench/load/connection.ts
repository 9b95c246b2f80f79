import { connect, type Socket } from 'node:net';
import type { Target } from './plan.js';

export interface Answer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** Shared by all sockets: each decodes its bytes before the next one reads. */
const readBuffer = Buffer.allocUnsafe(64 * 1024);

const CONTENT_LENGTH = /\r\ncontent-length: *(\d+)/i;
const LOST: Answer = { status: 0, head: '', body: '' };

/**
 * A keep-alive connection with just enough HTTP/1.1: a request is prepared text; an answer is a status line,
 * headers and `Content-Length` bytes. The generator shares the machine with the service and the database, so
 * the extra work of a full HTTP client would distort the measurement.
 */
export class Connection {
  private socket: Socket | undefined;
  private received = '';
  private onAnswer: ((answer: Answer) => void) | undefined;

  constructor(
    private readonly target: Target,
    private readonly localAddress?: string,
  ) {}

  get isOpen(): boolean {
    return this.socket !== undefined;
  }

  /** @returns whether the connection is open */
  open(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect({
        host: this.target.host,
        port: this.target.port,
        ...(this.localAddress !== undefined && { localAddress: this.localAddress }),
        noDelay: true,
        onread: {
          buffer: readBuffer,
          callback: (length) => this.receive(readBuffer.toString('latin1', 0, length)),
        },
      });
      socket.once('connect', () => {
        this.socket = socket;
        resolve(true);
      });
      socket.on('error', () => resolve(false));
      socket.on('close', () => this.onClose(socket));
    });
  }

  /** Sends one request at a time. An answer with status 0 means that the connection was lost. */
  send(request: string, onAnswer: (answer: Answer) => void): void {
    this.onAnswer = onAnswer;
    if (this.socket === undefined) this.answer(LOST);
    else this.socket.write(request, 'latin1');
  }

  /** Opens the connection first if the service has closed it, as it may while nothing is in flight. */
  async sendFresh(request: string, onAnswer: (answer: Answer) => void): Promise<void> {
    if (!this.isOpen) await this.open();
    this.send(request, onAnswer);
  }

  close(): void {
    this.onAnswer = undefined;
    this.socket?.destroy();
    this.socket = undefined;
  }

  private receive(text: string): boolean {
    this.received = this.received === '' ? text : this.received + text;
    const bodyStart = this.received.indexOf('\r\n\r\n') + 4;
    if (bodyStart < 4) return true;
    const head = this.received.slice(0, bodyStart);
    const bodyEnd = bodyStart + Number(CONTENT_LENGTH.exec(head)?.[1] ?? 0);
    if (this.received.length < bodyEnd) return true;
    const body = this.received.slice(bodyStart, bodyEnd);
    this.received = '';
    this.answer({ status: Number(head.slice(9, 12)), head, body });
    return true;
  }

  private onClose(socket: Socket): void {
    if (this.socket !== socket) return;
    this.socket = undefined;
    this.received = '';
    this.answer(LOST);
  }

  private answer(answer: Answer): void {
    const onAnswer = this.onAnswer;
    this.onAnswer = undefined;
    onAnswer?.(answer);
  }
}

/** Below the usual backlog of a listening socket. */
const PARALLEL_OPENS = 200;

/** @returns all connections, including those that could not be opened */
export async function openConnections(
  target: Target,
  count: number,
  localAddressOf?: (index: number) => string,
): Promise<Connection[]> {
  const connections = Array.from({ length: count }, (_, index) => {
    return new Connection(target, localAddressOf?.(index));
  });
  for (let start = 0; start < count; start += PARALLEL_OPENS) {
    const some = connections.slice(start, start + PARALLEL_OPENS);
    await Promise.all(some.map((connection) => connection.open()));
  }
  return connections;
}
