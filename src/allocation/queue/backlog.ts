import { overloaded } from '../../platform/errors/index.js';

/** Commands that may wait in any case: one batch. */
const ALWAYS_ACCEPTED = 256;

/** Commands per second that a section is expected to run until it has been measured. */
const RATE_EXPECTED = 4_000;

/** For this long, answers are counted until they are a rate. */
const WINDOW_MS = 5_000;

/** The rate of the window before counts as much as this time of the current one. */
const SMOOTHING_MS = 2_000;

/** Longer than a lock takes to time out, so that the sections beside a locked one are still served. */
const WAIT_MS_MIN = 15_000;

export const waitMsMaxOf = (waitSecondsMax: number): number =>
  Math.max(2_000 * waitSecondsMax, WAIT_MS_MIN);

interface Section {
  /** Commands submitted and not answered. */
  pending: number;
  /** Commands answered in this window. */
  answered: number;
  windowStartedAt: number;
  /** Commands per second in the windows before. */
  rate: number;
}

/**
 * Refuses commands that could not be answered in time. The wait is estimated from the commands ahead and
 * from the rate at which they were answered just now: a limit on their number would be too low for a fast
 * database and too high for a slow one.
 */
export class Backlog {
  private readonly sections = new Map<string, Section>();
  /** Of all sections together. */
  private readonly all = newSection();

  /** Commands refused, for the metrics. */
  refused = 0;
  /** Refused after they had entered and waited too long. */
  late = 0;

  /** A command that has waited this long is refused, although the estimate was shorter. */
  readonly waitMsMax: number;

  constructor(private readonly waitSecondsMax: number) {
    this.waitMsMax = waitMsMaxOf(waitSecondsMax);
  }

  /** The estimated wait of a command of any section, in seconds. */
  get waitSeconds(): number {
    return waitOf(this.all);
  }

  /** Whether commands would wait too long, over all sections. */
  get isFull(): boolean {
    return this.waitSeconds > this.waitSecondsMax;
  }

  /** @throws {DomainError} `overloaded` if the command would wait too long; it has not been begun then */
  enter(key: string): void {
    const seconds = this.tryEnter(key);
    if (seconds !== undefined) throw overloaded(seconds);
  }

  /** As `enter`, without an error. @returns undefined, or after how many seconds to come back */
  tryEnter(key: string): number | undefined {
    const section = this.sections.get(key) ?? newSection();
    const wait = Math.max(waitOf(section), this.waitForOthers(section));
    if (wait > this.waitSecondsMax) {
      this.refused += 1;
      return retryAfter(wait);
    }
    add(section);
    add(this.all);
    this.sections.set(key, section);
    return undefined;
  }

  leave(key: string): void {
    const section = this.sections.get(key)!;
    count(section);
    count(this.all);
    if (section.pending === 0) this.sections.delete(key);
  }

  /** Sections share the lanes: those ahead are as many of each other section as of this one. */
  private waitForOthers({ pending }: Section): number {
    return waitOf(this.all, Math.min(this.all.pending, this.sections.size * (pending + 1)));
  }
}

/** Spreads those who come back over the time that the queue needs: together, they would fill it again. */
const retryAfter = (waitSeconds: number): number =>
  Math.ceil(Math.random() * Math.min(waitSeconds, RETRY_SECONDS_MAX)) || 1;

const RETRY_SECONDS_MAX = 30;

const newSection = (): Section => ({
  pending: 0,
  answered: 0,
  windowStartedAt: performance.now(),
  rate: RATE_EXPECTED,
});

function waitOf(section: Section, ahead = section.pending): number {
  if (section.pending < ALWAYS_ACCEPTED) return 0;
  return ahead / rateOf(section, performance.now());
}

/** Falls while nothing is answered. */
function rateOf({ answered, rate, windowStartedAt }: Section, now: number): number {
  const expected = (rate * SMOOTHING_MS) / 1_000;
  return ((answered + expected) * 1_000) / (now - windowStartedAt + SMOOTHING_MS);
}

function add(section: Section): void {
  section.pending += 1;
  if (section.pending === ALWAYS_ACCEPTED) startWindow(section, performance.now());
}

/** Only while commands queue: otherwise the rate is that of the callers, and says nothing of the database. */
function count(section: Section): void {
  section.pending -= 1;
  if (section.pending < ALWAYS_ACCEPTED) return;
  section.answered += 1;
  const now = performance.now();
  if (now - section.windowStartedAt < WINDOW_MS) return;
  section.rate = rateOf(section, now);
  startWindow(section, now);
}

function startWindow(section: Section, now: number): void {
  section.answered = 0;
  section.windowStartedAt = now;
}
