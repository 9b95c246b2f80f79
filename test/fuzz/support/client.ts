import { connect, type Socket } from 'node:net';
import { AnswerReader, type WireAnswer } from './answer-reader.js';
import type { FuzzRequest } from './draft.js';

/** The longest time that an answer may take. */
const ANSWER_MS_MAX = 15_000;
/** A second answer, if one was provoked, comes within this time. */
const QUIET_MS = 20;

/** The result of a request. */
export interface Outcome {
  readonly answers: readonly WireAnswer[];
  /** Why there is no further answer: nothing else came, it took too long, or it was not HTTP. */
  readonly end:
    'complete' | 'closed' | 'too late' | 'gone' | 'unreachable' | { readonly unreadable: string };
  /** Bytes after the last complete answer. */
  readonly rest: number;
}

/** What a client needs to know of a request. */
type Sent = Pick<FuzzRequest, 'bytes' | 'manner' | 'method'>;

/** A client that sends exactly the bytes it is given. */
export class Client {
  private kept: Socket | undefined;

  constructor(
    private readonly host: string,
    private readonly port: number,
  ) {}

  send(request: Sent): Promise<Outcome> {
    return request.manner === 'waits' ? this.sendKept(request) : this.sendAlone(request);
  }

  private async sendKept(request: Sent): Promise<Outcome> {
    this.kept ??= await this.dial();
    if (this.kept === undefined) return UNREACHABLE;
    const outcome = await exchange(this.kept, request);
    if (outcome.end === 'complete' && outcome.rest === 0 && !saysClose(outcome)) return outcome;
    this.close();
    return outcome;
  }

  private async sendAlone(request: Sent): Promise<Outcome> {
    const socket = await this.dial();
    if (socket === undefined) return UNREACHABLE;
    const outcome = await exchange(socket, request);
    socket.destroy();
    return outcome;
  }

  close(): void {
    this.kept?.destroy();
    this.kept = undefined;
  }

  private dial(): Promise<Socket | undefined> {
    return new Promise((resolve) => {
      const socket = connect({
        host: this.host,
        port: this.port,
        noDelay: true,
        allowHalfOpen: true,
      });
      // A broken connection is an outcome, described by its end.
      socket.on('error', () => resolve(undefined));
      socket.once('connect', () => resolve(socket));
    });
  }
}

const UNREACHABLE: Outcome = { answers: [], end: 'unreachable', rest: 0 };

const saysClose = ({ answers }: Outcome): boolean =>
  answers.some(({ headers }) => headers.get('connection') === 'close');

function exchange(socket: Socket, { bytes, manner, method }: Sent): Promise<Outcome> {
  return new Promise((resolve) => {
    const reader = new AnswerReader(method === 'HEAD');
    const answers: WireAnswer[] = [];
    let quiet: NodeJS.Timeout | undefined;
    const settle = (end: Outcome['end']): void => {
      clearTimeout(late);
      clearTimeout(quiet);
      // Later bytes wait for the next request, which finds that they do not answer it.
      socket.off('data', read).off('end', close).off('close', close).pause();
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
    socket.on('data', read).once('end', close).once('close', close).resume();
    if (manner === 'hangs up') {
      socket.write(bytes, () => settle('gone'));
    } else if (manner === 'ends') socket.end(bytes);
    else socket.write(bytes);
  });
}
