import type { Answer, Api, TestDatabase } from '../../kit/index.js';
import { ClientLedger } from '../../faults/support/ledger.js';

const CLIENTS = 24;
const REPEATS_MAX = 100;

/** One of so many cancels again. */
const CANCELLING = 4;

/**
 * People who book, look and cancel, as many at a time as there are clients, until they are told to go
 * home. Whoever got no definite answer then repeats the request with its key.
 */
export class Crowd {
  /** How often each status was answered; 0 stands for no answer at all. */
  readonly statuses: Record<number, number> = {};
  /** What was neither done nor refused: when it was asked, and what came. */
  readonly failures: { readonly at: number; readonly status: number; readonly what: string }[] = [];
  private readonly ledger = new ClientLedger();
  /** Who did not hear what became of a booking (1) or a cancellation (-1). */
  private readonly unsettled: [identifier: string, change: 1 | -1][] = [];
  private clients: Promise<void[]> = Promise.resolve([]);
  private isOver = false;
  private people = 0;

  constructor(
    private readonly api: Api,
    readonly eventId: string,
  ) {}

  come(): void {
    this.clients = Promise.all(Array.from({ length: CLIENTS }, () => this.client()));
  }

  /** How many bookings and cancellations have been answered as done. */
  get acknowledged(): number {
    return this.ledger.counts.acknowledged;
  }

  /** Everybody finishes what he does; then whoever does not know what became of it asks again. */
  async goHome(): Promise<void> {
    this.isOver = true;
    await this.clients;
    for (const [identifier, change] of this.unsettled) {
      const ask = change > 0 ? this.book : this.cancel;
      await this.ledger.enterRepeated(identifier, untilAnswered(ask, identifier), change);
    }
  }

  /** Everything acknowledged is there, once, and nothing else. */
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
      if (!isBooked) this.unsettled.push([identifier, 1]);
      if (!isBooked || number % CANCELLING !== 0) continue;
      const isCancelled = await this.ledger.enter(identifier, -1, this.cancel(identifier));
      if (!isCancelled) this.unsettled.push([identifier, -1]);
    }
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
    return answer;
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
  throw new Error(`${identifier} never learned what became of the request`);
}
