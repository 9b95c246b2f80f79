import { connect, type Socket } from 'node:net';
import type { Target } from './plan.js';

export interface Answer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** Read by every socket in turn: the bytes are turned into text before the next one reads. */
const readBuffer = Buffer.allocUnsafe(64 * 1024);

const CONTENT_LENGTH = /\r\ncontent-length: *(\d+)/i;
const LOST: Answer = { status: 0, head: '', body: '' };

/**
 * One keep-alive connection that speaks just enough HTTP/1.1: a request is a ready-made text, an
 * answer is a status line, a head and `Content-Length` bytes. Database, service and generator share
 * the machine, so whatever a full HTTP client does more would be taken from the thing measured.
 */
export class Connection {
  private socket: Socket | undefined;
  private received = '';
  private onAnswer: ((answer: Answer) => void) | undefined;

  constructor(private readonly target: Target) {}

  get isOpen(): boolean {
    return this.socket !== undefined;
  }

  /** @returns whether it worked */
  open(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect({
        ...this.target,
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
      socket.on('close', () => this.lose(socket));
    });
  }

  /** Sends a request; `status` 0 answers that the connection was lost. One at a time. */
  send(request: string, onAnswer: (answer: Answer) => void): void {
    this.onAnswer = onAnswer;
    if (this.socket === undefined) this.answer(LOST);
    else this.socket.write(request, 'latin1');
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

  private lose(socket: Socket): void {
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

/** How many connections are opened at once: fewer than a listening socket lets wait. */
const OPENING_MAX = 200;

/** @returns all of them, also those that could not be opened */
export async function openConnections(target: Target, count: number): Promise<Connection[]> {
  const connections = Array.from({ length: count }, () => new Connection(target));
  for (let start = 0; start < count; start += OPENING_MAX) {
    const some = connections.slice(start, start + OPENING_MAX);
    await Promise.all(some.map((connection) => connection.open()));
  }
  return connections;
}
