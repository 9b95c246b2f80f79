import type { Answer } from './connection.js';
import { personName, type TicketHolders, type ScriptedPlan, type Target } from './plan.js';

/** Produces the requests of a run, for all its connections. */
export interface Script {
  /** Outcomes that count as throughput and latency; undefined: all that are not failures. */
  readonly countedOutcomes: ReadonlySet<string> | undefined;
  /** @returns undefined if no work is left */
  next(connection: number): string | undefined;
  /** Called for answers that are not failures. */
  onAnswer?(connection: number, outcome: string): void;
}

/** Formats HTTP requests for one target. */
export class Requests {
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

const randomOf = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)]!;

/** Classifies an answer without parsing its JSON. */
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

/** @returns undefined if the answer has no Retry-After */
export function retryAfterMs({ head }: Answer): number | undefined {
  const seconds = /\r\nretry-after: *(\d+)/i.exec(head)?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

const SUCCESSES = new Set(['booked', 'waitlisted', 'cancelled', 'left', 'read']);
export const isFailure = (outcome: string): boolean => !SUCCESSES.has(outcome);

export function scriptFor({ workload, target }: ScriptedPlan): Script {
  const requests = new Requests(target);
  switch (workload.kind) {
    case 'book':
      return bookRequests(requests, workload.eventIds, workload.prefix);
    case 'join-cancel':
      return new JoinAndCancel(requests, workload.eventId, workload.holders);
    case 'mixed':
      return new Mixed(requests, workload.eventIds, workload.prefix);
    case 'read': {
      const prepared = workload.paths.map((path) => requests.get(path));
      return { countedOutcomes: undefined, next: () => randomOf(prepared) };
    }
  }
}

function bookRequests(requests: Requests, eventIds: readonly string[], prefix: string): Script {
  let people = 0;
  return {
    countedOutcomes: undefined,
    next: () => requests.command('/book', randomOf(eventIds), personName(prefix, (people += 1))),
  };
}

/**
 * Joins before it cancels: the waitlist is never shorter than at the start, so every cancel promotes. (In the
 * other order, 128 connections would empty a waitlist of 100.)
 */
class JoinAndCancel implements Script {
  /** The joins only keep the waitlist at its length. */
  readonly countedOutcomes = new Set(['cancelled']);
  private used = 0;
  /** By connection: the holder whose join is in flight, and the one who cancels next. */
  private readonly joining: (string | undefined)[] = [];
  private readonly cancelling: (string | undefined)[] = [];

  constructor(
    private readonly requests: Requests,
    private readonly eventId: string,
    private readonly holders: TicketHolders,
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

  onAnswer(connection: number, outcome: string): void {
    if (outcome === 'waitlisted') this.cancelling[connection] = this.joining[connection];
  }
}

class Mixed implements Script {
  readonly countedOutcomes = undefined;
  private people = 0;
  private readonly booking: string[][] = [];
  private readonly cancellable: string[][] = [];

  constructor(
    private readonly requests: Requests,
    private readonly eventIds: readonly string[],
    private readonly prefix: string,
  ) {}

  next(connection: number): string {
    const dice = Math.random();
    if (dice < 0.8) return this.requests.get(`/status/${randomOf(this.eventIds)}`);
    if (dice < 0.85) {
      const chosen = this.takeCancellable();
      if (chosen !== undefined) return this.requests.command('/cancel', ...chosen);
    }
    this.people += 1;
    const person = [randomOf(this.eventIds), personName(this.prefix, this.people)];
    this.booking[connection] = person;
    return this.requests.command('/book', person[0]!, person[1]!);
  }

  onAnswer(connection: number, outcome: string): void {
    if (outcome === 'booked' || outcome === 'waitlisted') {
      this.cancellable.push(this.booking[connection]!);
    }
  }

  /** Chosen at random, so that old and new bookings and waitlist entries are cancelled alike. */
  private takeCancellable(): [eventId: string, identifier: string] | undefined {
    const last = this.cancellable.pop();
    if (last === undefined || this.cancellable.length === 0)
      return last as [string, string] | undefined;
    const index = Math.floor(Math.random() * this.cancellable.length);
    const chosen = this.cancellable[index]!;
    this.cancellable[index] = last;
    return chosen as [string, string];
  }
}
