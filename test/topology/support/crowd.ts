import type { Answer, Api, TestDatabase } from '../../kit/index.js';
import { ClientLedger } from '../../faults/support/ledger.js';

const CLIENTS = 24;
const REPEATS_MAX = 100;

/** One person in this many cancels again. */
const CANCELLING = 4;

/**
 * People who book, look and cancel, with a fixed number of clients, until they go home. Requests
 * without a definite answer are repeated then, with their key.
 */
export class Crowd {
  /** How often each status was answered; 0 stands for no answer at all. */
  readonly statuses: Record<number, number> = {};
  /** Requests that were neither done nor refused: when they were sent, and what came. */
  readonly failures: { readonly at: number; readonly status: number; readonly what: string }[] = [];
  /** The longest time in which nobody booked or cancelled, until they went home. */
  longestPauseMs = 0;
  private doneAt = 0;
  private readonly ledger = new ClientLedger();
  /** People with an unknown outcome of a booking (1) or a cancellation (-1). */
  private readonly unsettled: [identifier: string, change: 1 | -1][] = [];
  private clients: Promise<void[]> = Promise.resolve([]);
  private isOver = false;
  private people = 0;

  constructor(
    private readonly api: Pick<Api, 'post' | 'status'>,
    readonly eventId: string,
    private readonly size = CLIENTS,
  ) {}

  come(): void {
    this.doneAt = performance.now();
    this.clients = Promise.all(Array.from({ length: this.size }, () => this.client()));
  }

  /** The number of bookings and cancellations that were answered as done. */
  get acknowledged(): number {
    return this.ledger.counts.acknowledged;
  }

  /** Lets everybody finish, and then repeats the requests whose outcome is unknown. */
  async goHome(): Promise<void> {
    this.longestPauseMs = Math.max(this.longestPauseMs, performance.now() - this.doneAt);
    this.isOver = true;
    await this.clients;
    for (const [identifier, change] of this.unsettled) {
      const ask = change > 0 ? this.book : this.cancel;
      await this.ledger.enterRepeated(identifier, untilAnswered(ask, identifier), change);
    }
  }

  /** Everything acknowledged exists, once, and nothing else does. */
  compare(database: Pick<TestDatabase, 'query'>): Promise<void> {
    return this.ledger.compare(database, this.eventId);
  }

  private async client(): Promise<void> {
    while (!this.isOver) {
      this.people += 1;
      const number = this.people;
      const identifier = `visitor-${number}@example.org`;
      const isBooked = await this.ledger.enter(identifier, 1, this.book(identifier));
      await this.note('status', this.api.status(this.eventId)).catch(() => undefined);
      if (!isBooked && this.isUnknown(identifier)) this.unsettled.push([identifier, 1]);
      if (!isBooked || number % CANCELLING !== 0) continue;
      const isCancelled = await this.ledger.enter(identifier, -1, this.cancel(identifier));
      if (!isCancelled && this.isUnknown(identifier)) this.unsettled.push([identifier, -1]);
    }
  }

  /** Otherwise the request was done, or refused without a change. */
  private isUnknown(identifier: string): boolean {
    return this.ledger.unanswered.includes(identifier);
  }

  private readonly book = (identifier: string): Promise<Answer> => {
    const key = { 'Idempotency-Key': `book-${this.eventId}-${identifier}` };
    return this.note('book', this.api.post('/book', { eventId: this.eventId, identifier }, key));
  };

  private readonly cancel = (identifier: string): Promise<Answer> => {
    const key = { 'Idempotency-Key': `cancel-${this.eventId}-${identifier}` };
    const body = { eventId: this.eventId, identifier };
    return this.note('cancel', this.api.post('/cancel', body, key));
  };

  private async note(what: string, request: Promise<Answer>): Promise<Answer> {
    const at = performance.now();
    const answer = await request.catch((error: unknown) => {
      this.count(what, at, 0);
      throw error;
    });
    this.count(what, at, answer.status);
    if (what !== 'status' && answer.status < 300) this.noteDone();
    return answer;
  }

  private noteDone(): void {
    const now = performance.now();
    if (!this.isOver) this.longestPauseMs = Math.max(this.longestPauseMs, now - this.doneAt);
    this.doneAt = now;
  }

  private count(what: string, at: number, status: number): void {
    this.statuses[status] = (this.statuses[status] ?? 0) + 1;
    if (status === 0 || status >= 500) this.failures.push({ at, status, what });
  }
}

async function untilAnswered(
  ask: (identifier: string) => Promise<Answer>,
  identifier: string,
): Promise<Answer> {
  for (let repeat = 0; repeat < REPEATS_MAX; repeat += 1) {
    const answer = await ask(identifier).catch(() => undefined);
    if (answer !== undefined && answer.status < 500) return answer;
  }
  throw new Error(`${identifier} never got a definite answer`);
}
