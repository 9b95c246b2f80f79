import { connect, type Socket } from 'node:net';
import { AnswerReader, type WireAnswer } from './answer-reader.js';
import type { FuzzRequest } from './draft.js';

/** The longest that anybody may have to wait for an answer. */
const ANSWER_MS_MAX = 15_000;
/** Within this time a second answer comes, if one was provoked. */
const QUIET_MS = 20;

/** What came of a request. */
export interface Outcome {
  readonly answers: readonly WireAnswer[];
  /** Why there is no answer, or no more: nothing else came, it took too long, or it was no HTTP. */
  readonly end: 'complete' | 'closed' | 'too late' | 'gone' | { readonly unreadable: string };
  /** Bytes after the last complete answer. */
  readonly rest: number;
}

/** A client that says exactly the bytes it is given. */
export class Client {
  private kept: Socket | undefined;

  constructor(
    private readonly host: string,
    private readonly port: number,
  ) {}

  async send(request: FuzzRequest): Promise<Outcome> {
    const isKept = request.manner === 'waits';
    const socket = (isKept ? this.kept : undefined) ?? (await this.dial());
    this.kept = isKept ? socket : this.kept;
    const outcome = await exchange(socket, request);
    const isOver = outcome.end !== 'complete' || saysClose(outcome) || outcome.rest > 0;
    if (!isKept || isOver) socket.destroy();
    if (isKept && isOver) this.kept = undefined;
    return outcome;
  }

  close(): void {
    this.kept?.destroy();
  }

  private dial(): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const socket = connect({
        host: this.host,
        port: this.port,
        noDelay: true,
        allowHalfOpen: true,
      });
      socket.once('connect', () => {
        socket.off('error', reject);
        // A connection that breaks is an outcome, told by its end.
        socket.on('error', () => undefined);
        socket.once('close', () => {
          if (this.kept === socket) this.kept = undefined;
        });
        resolve(socket);
      });
      socket.once('error', reject);
    });
  }
}

const saysClose = ({ answers }: Outcome): boolean =>
  answers.some(({ headers }) => headers.get('connection') === 'close');

function exchange(socket: Socket, { bytes, manner, method }: FuzzRequest): Promise<Outcome> {
  return new Promise((resolve) => {
    const reader = new AnswerReader(method === 'HEAD');
    const answers: WireAnswer[] = [];
    let quiet: NodeJS.Timeout | undefined;
    const settle = (end: Outcome['end']): void => {
      clearTimeout(late);
      clearTimeout(quiet);
      socket.off('data', read).off('end', close).off('close', close);
      resolve({ answers, end, rest: reader.rest });
    };
    const late = setTimeout(() => settle('too late'), ANSWER_MS_MAX);
    const close = (): void => settle('closed');
    const read = (chunk: Buffer): void => {
      try {
        answers.push(...reader.read(chunk));
      } catch (error) {
        return settle({ unreadable: (error as Error).message });
      }
      if (answers.length === 0) return;
      if (manner === 'waits') return settle('complete');
      clearTimeout(quiet);
      quiet = setTimeout(() => settle('complete'), QUIET_MS);
    };
    socket.on('data', read).once('end', close).once('close', close);
    if (manner === 'hangs up') {
      socket.write(bytes, () => settle('gone'));
    } else if (manner === 'ends') socket.end(bytes);
    else socket.write(bytes);
  });
}
