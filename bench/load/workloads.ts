import type { Answer } from './connection.js';
import { personName, type Holders, type Plan, type Target } from './plan.js';

/** What to send next, and how to read what comes back. One for all connections of a run. */
export interface Script {
  /** Answers that count as throughput and latency; undefined: all that are not faults. */
  readonly counted: ReadonlySet<string> | undefined;
  /** @returns undefined if there is nothing left to do */
  next(connection: number): string | undefined;
  /** Takes an answer that was understood, i.e. not a fault. */
  answered?(connection: number, outcome: string): void;
}

/** Writes requests to one target. */
class Requests {
  private readonly head: string;

  constructor({ key }: Target) {
    this.head = `Host: 127.0.0.1\r\n${key === undefined ? '' : `Authorization: Bearer ${key}\r\n`}`;
  }

  get(path: string): string {
    return `GET ${path} HTTP/1.1\r\n${this.head}\r\n`;
  }

  command(path: string, eventId: string, identifier: string): string {
    const body = `{"eventId":"${eventId}","identifier":"${identifier}"}`;
    return (
      `POST ${path} HTTP/1.1\r\n${this.head}Content-Type: application/json\r\n` +
      `Content-Length: ${body.length}\r\n\r\n${body}`
    );
  }
}

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

export function scriptFor({ workload, target }: Plan): Script {
  const requests = new Requests(target);
  switch (workload.kind) {
    case 'book':
      return books(requests, workload.eventIds, workload.prefix);
    case 'join-cancel':
      return new JoinAndCancel(requests, workload.eventId, workload.holders);
    case 'mixed':
      return new Mixed(requests, workload.eventIds, workload.prefix);
    case 'read': {
      const request = requests.get(workload.path);
      return { counted: undefined, next: () => request };
    }
  }
}

function books(requests: Requests, eventIds: readonly string[], prefix: string): Script {
  let people = 0;
  return {
    counted: undefined,
    next: () => requests.command('/book', anyOf(eventIds), personName(prefix, (people += 1))),
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
    private readonly requests: Requests,
    private readonly eventId: string,
    private readonly holders: Holders,
  ) {}

  next(connection: number): string | undefined {
    const holder = this.cancelling[connection];
    this.cancelling[connection] = undefined;
    if (holder !== undefined) return this.requests.command('/cancel', this.eventId, holder);
    if (this.used === this.holders.count) return undefined;
    this.joining[connection] = personName(this.holders.prefix, this.holders.first + this.used);
    this.used += 1;
    return this.requests.command('/book', this.eventId, this.joining[connection]);
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
    private readonly requests: Requests,
    private readonly eventIds: readonly string[],
    private readonly prefix: string,
  ) {}

  next(connection: number): string {
    const dice = Math.random();
    if (dice < 0.8) return this.requests.get(`/status/${anyOf(this.eventIds)}`);
    if (dice < 0.85) {
      const cancelled = this.takePresent();
      if (cancelled !== undefined) return this.requests.command('/cancel', ...cancelled);
    }
    this.people += 1;
    const person = [anyOf(this.eventIds), personName(this.prefix, this.people)];
    this.booking[connection] = person;
    return this.requests.command('/book', person[0]!, person[1]!);
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
