import { DomainError, overloaded } from '../errors/index.js';
import type { Caller } from './caller.js';

export interface ExpensiveReadLimits {
  /** Reads that run at once. */
  readonly running: number;
  /** Reads in progress (waiting, running, or with an answer that is still being sent) of one API key. */
  readonly perKey: number;
  /** The same of all keys of one organiser. */
  readonly perOrganiser: number;
  /** The longest wait for a turn. */
  readonly waitMsMax: number;
}

/** The policies of these limits, in responses. */
const PER_KEY = 'key-expensive-reads';
const PER_ORGANISER = 'organiser-expensive-reads';

/** ADMIN_API_KEY, or everybody while no keys are required. */
const NO_KEY = 'none';

interface Organiser {
  inProgress: number;
  running: number;
  readonly keys: Map<string, number>;
  readonly waiting: Set<ExpensiveRead>;
}

/**
 * Bounds the reads whose work grows with the data. Few run at once, and an organiser gets at most half of
 * these turns, so that its reads delay neither bookings nor the reads of others.
 */
export class ExpensiveReads {
  /** Those with reads in progress. The one that has had no turn for the longest time is first. */
  private readonly organisers = new Map<string, Organiser>();
  private readonly runningPerOrganiser: number;
  private runningNow = 0;

  /** Counts since the start, for the metrics. */
  readonly counts = { refused: 0, skipped: 0 };

  constructor(private readonly limits: ExpensiveReadLimits) {
    this.runningPerOrganiser = Math.ceil(limits.running / 2);
  }

  get running(): number {
    return this.runningNow;
  }

  get waiting(): number {
    let sum = 0;
    for (const { waiting } of this.organisers.values()) sum += waiting.size;
    return sum;
  }

  /** @throws {DomainError} `rate_limited` if the key or its organiser has too many reads in progress */
  enter({ organiserId, keyId = NO_KEY }: Pick<Caller, 'organiserId' | 'keyId'>): ExpensiveRead {
    const organiser = this.organisers.get(organiserId) ?? newOrganiser();
    const ofKey = organiser.keys.get(keyId) ?? 0;
    if (ofKey >= this.limits.perKey) throw this.refusal(PER_KEY);
    if (organiser.inProgress >= this.limits.perOrganiser) throw this.refusal(PER_ORGANISER);
    this.organisers.set(organiserId, organiser);
    organiser.inProgress += 1;
    organiser.keys.set(keyId, ofKey + 1);
    const read = new ExpensiveRead(this.limits.waitMsMax, {
      finished: () => {
        organiser.running -= 1;
        this.runningNow -= 1;
        this.giveTurns();
      },
      abandoned: (reason) => {
        organiser.waiting.delete(read);
        this.counts[reason] += 1;
      },
      left: () => this.leave(organiserId, organiser, keyId),
    });
    organiser.waiting.add(read);
    this.giveTurns();
    return read;
  }

  private refusal(policy: string): DomainError {
    this.counts.refused += 1;
    return new DomainError('rate_limited', { extensions: { policy }, retryAfterSeconds: 1 });
  }

  private leave(id: string, organiser: Organiser, keyId: string): void {
    organiser.inProgress -= 1;
    const left = organiser.keys.get(keyId)! - 1;
    if (left > 0) organiser.keys.set(keyId, left);
    else organiser.keys.delete(keyId);
    if (organiser.inProgress === 0) this.organisers.delete(id);
  }

  private giveTurns(): void {
    while (this.runningNow < this.limits.running) {
      const next = this.nextOrganiser();
      if (next === undefined) return;
      const [id, organiser] = next;
      const [read] = organiser.waiting;
      organiser.waiting.delete(read!);
      organiser.running += 1;
      this.runningNow += 1;
      // Moves it to the end.
      this.organisers.delete(id);
      this.organisers.set(id, organiser);
      read!.start();
    }
  }

  /** The one with the fewest running reads. */
  private nextOrganiser(): [string, Organiser] | undefined {
    let next: [string, Organiser] | undefined;
    for (const entry of this.organisers) {
      const [, { waiting, running }] = entry;
      if (waiting.size === 0 || running >= this.runningPerOrganiser) continue;
      if (next === undefined || running < next[1].running) next = entry;
    }
    return next;
  }
}

const newOrganiser = (): Organiser => ({
  inProgress: 0,
  running: 0,
  keys: new Map(),
  waiting: new Set(),
});

interface Reports {
  readonly finished: () => void;
  /** It gave up before its turn: it waited too long, or its client is gone. */
  readonly abandoned: (reason: 'refused' | 'skipped') => void;
  readonly left: () => void;
}

/** One read in progress. It waits for its turn, runs, and leaves once its answer is sent or its client is gone. */
export class ExpensiveRead {
  private state: 'waiting' | 'running' | 'finished' = 'waiting';
  private hasLeft = false;
  private readonly timer: NodeJS.Timeout;
  private begin!: () => void;
  private giveUp!: (error: DomainError) => void;

  /** @throws {DomainError} `overloaded` if it waited too long or its client is gone: it must not run then */
  readonly turn = new Promise<void>((resolve, reject) => {
    this.begin = resolve;
    this.giveUp = reject;
  });

  constructor(
    waitMsMax: number,
    private readonly reports: Reports,
  ) {
    this.turn.catch(() => undefined);
    this.timer = setTimeout(() => this.abandon('refused'), waitMsMax);
  }

  start(): void {
    clearTimeout(this.timer);
    this.state = 'running';
    this.begin();
  }

  /** To be called once it has run, or could not. */
  finish(): void {
    if (this.state !== 'running') return;
    this.state = 'finished';
    this.reports.finished();
  }

  /** To be called once its answer is sent or its client is gone; a second call does nothing. */
  leave(): void {
    if (this.hasLeft) return;
    this.hasLeft = true;
    if (this.state === 'waiting') this.abandon('skipped');
    this.reports.left();
  }

  private abandon(reason: 'refused' | 'skipped'): void {
    clearTimeout(this.timer);
    this.state = 'finished';
    this.reports.abandoned(reason);
    this.giveUp(overloaded());
  }
}
