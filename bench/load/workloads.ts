import type { Answer } from './connection.js';
import { personName, type Holders, type Workload } from './plan.js';

/** What to send next, and how to read what comes back. One for all connections of a run. */
export interface Script {
  /** Answers that count as throughput and latency; undefined: all that are not faults. */
  readonly counted: ReadonlySet<string> | undefined;
  /** @returns undefined if there is nothing left to do */
  next(connection: number): string | undefined;
  /** Takes an answer that was understood, i.e. not a fault. */
  answered?(connection: number, outcome: string): void;
}

const HOST = 'Host: 127.0.0.1\r\n';

const post = (path: string, body: string): string =>
  `POST ${path} HTTP/1.1\r\n${HOST}Content-Type: application/json\r\n` +
  `Content-Length: ${body.length}\r\n\r\n${body}`;

const get = (path: string): string => `GET ${path} HTTP/1.1\r\n${HOST}\r\n`;

const command = (path: string, eventId: string, identifier: string): string =>
  post(path, `{"eventId":"${eventId}","identifier":"${identifier}"}`);

const anyOf = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)]!;

/** What an answer says, in one word. Reads no more of the body than it must. */
export function outcomeOf({ status, body }: Answer): string {
  if (status === 201) return body.includes('"waitlisted":true') ? 'waitlisted' : 'booked';
  if (status === 200) {
    if (body.startsWith('{"ticket"')) return 'cancelled';
    return body.startsWith('{"waitingEntry"') ? 'left' : 'read';
  }
  if (status === 0) return 'connection lost';
  const code = /"code":"(\w+)"/.exec(body)?.[1];
  return code === undefined ? `HTTP ${status}` : `HTTP ${status} ${code}`;
}

const UNDERSTOOD = new Set(['booked', 'waitlisted', 'cancelled', 'left', 'read']);
export const isFault = (outcome: string): boolean => !UNDERSTOOD.has(outcome);

export function scriptFor(workload: Workload): Script {
  switch (workload.kind) {
    case 'book':
      return books(workload.eventIds, workload.prefix);
    case 'join-cancel':
      return new JoinAndCancel(workload.eventId, workload.holders);
    case 'mixed':
      return new Mixed(workload.eventIds, workload.prefix);
    case 'read': {
      const request = get(workload.path);
      return { counted: undefined, next: () => request };
    }
  }
}

function books(eventIds: readonly string[], prefix: string): Script {
  let people = 0;
  return {
    counted: undefined,
    next: () => command('/book', anyOf(eventIds), personName(prefix, (people += 1))),
  };
}

/**
 * First join, then cancel: the line is never shorter than it was at the start, so every cancel
 * promotes. (The other way round, 128 connections empty a line of 100.)
 */
class JoinAndCancel implements Script {
  /** The joins only keep the line as long as it was. */
  readonly counted = new Set(['cancelled']);
  private used = 0;
  /** By connection: the holder who joins there, and who has joined and cancels next. */
  private readonly joining: (string | undefined)[] = [];
  private readonly cancelling: (string | undefined)[] = [];

  constructor(
    private readonly eventId: string,
    private readonly holders: Holders,
  ) {}

  next(connection: number): string | undefined {
    const holder = this.cancelling[connection];
    this.cancelling[connection] = undefined;
    if (holder !== undefined) return command('/cancel', this.eventId, holder);
    if (this.used === this.holders.count) return undefined;
    this.joining[connection] = personName(this.holders.prefix, this.holders.first + this.used);
    this.used += 1;
    return command('/book', this.eventId, this.joining[connection]);
  }

  answered(connection: number, outcome: string): void {
    if (outcome === 'waitlisted') this.cancelling[connection] = this.joining[connection];
  }
}

class Mixed implements Script {
  readonly counted = undefined;
  private people = 0;
  private readonly booking: string[][] = [];
  private readonly present: string[][] = [];

  constructor(
    private readonly eventIds: readonly string[],
    private readonly prefix: string,
  ) {}

  next(connection: number): string {
    const dice = Math.random();
    if (dice < 0.8) return get(`/status/${anyOf(this.eventIds)}`);
    if (dice < 0.85) {
      const cancelled = this.takePresent();
      if (cancelled !== undefined) return command('/cancel', ...cancelled);
    }
    this.people += 1;
    const person = [anyOf(this.eventIds), personName(this.prefix, this.people)];
    this.booking[connection] = person;
    return command('/book', person[0]!, person[1]!);
  }

  answered(connection: number, outcome: string): void {
    if (outcome === 'booked' || outcome === 'waitlisted') {
      this.present.push(this.booking[connection]!);
    }
  }

  /** Anybody of those who are in, so that old and young bookings and places in line end. */
  private takePresent(): [eventId: string, identifier: string] | undefined {
    const last = this.present.pop();
    if (last === undefined || this.present.length === 0)
      return last as [string, string] | undefined;
    const index = Math.floor(Math.random() * this.present.length);
    const chosen = this.present[index]!;
    this.present[index] = last;
    return chosen as [string, string];
  }
}
