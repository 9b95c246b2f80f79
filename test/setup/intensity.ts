/** Whether this is the full run (`npm run test:full`) or the short one (`npm test`). */
export const isFull = process.env['TEST_FULL'] === '1';

/**
 * A bound in wall-clock time. In the full run a file has the machine alone (SERIAL_FILES in
 * suites.cjs); in the short run other files slow it down, so it may take ten times as long.
 */
export const wallClock = (ms: number): number => (isFull ? ms : 10 * ms);

/** How often a test repeats, or how much it sends, in each of the two runs. */
export interface Intensity {
  readonly short: number;
  readonly full: number;
}

/**
 * Every repeat count and volume that differs between the two runs. An environment variable of the
 * same name overrides either: `FC_RUNS=1000000 npm run test:unit`.
 */
const INTENSITIES = {
  /** Random stories for the allocation rules. */
  FC_RUNS: { short: 1_000, full: 20_000 },
  /** Random stories that are also run against the database. */
  FC_STORIES: { short: 12, full: 60 },
  FUZZ_REQUESTS: { short: 1_000, full: 20_000 },
  FUZZ_LIMITED_REQUESTS: { short: 600, full: 1_000 },
  /** Random people, entity tags, hosts and origins. */
  FUZZ_TRIALS: { short: 150, full: 400 },
  /** Random combinations of server variables. */
  FUZZ_SERVER_ROUNDS: { short: 6, full: 8 },
  /** Repeats of a storm. */
  ROUNDS: { short: 1, full: 5 },
  /** People on the waitlist while as many places are freed. */
  STORM_WAITING: { short: 200, full: 1_000 },
  /** People who book up to their limit in one section and try to book more in another. */
  STORM_PEOPLE: { short: 40, full: 200 },
  /** Requests to a waitlist that an observer checks at every commit. */
  STORM_JOINS: { short: 120, full: 400 },
  /** Visits of each client, and edits of each organiser, while capacity changes. */
  STORM_VISITS: { short: 24, full: 40 },
  STORM_EDITS: { short: 36, full: 60 },
  /** Idempotency keys that are each sent ten times. */
  STORM_KEYS: { short: 60, full: 500 },
  /** How often the database is killed while these are sent. */
  STORM_KILLS: { short: 1, full: 3 },
  /** Bookings of which the first third are acknowledged when a process is killed. */
  STORM_BOOKINGS: { short: 300, full: 1_000 },
  /** People who let their offer expire, one after the other; a multiple of 5. */
  STORM_SILENT: { short: 15, full: 50 },
  /** Races for the data folder of a dead owner. */
  TAKEOVER_ROUNDS: { short: 8, full: 60 },
  /** Groups of 1,000 at the event that an instance changes while it is killed. */
  EVENT_GROUPS: { short: 24, full: 60 },
  /** Length of the longest waitlist. */
  WAITLIST_LENGTH: { short: 10_000, full: 100_000 },
  /** Offers that expire together; a multiple of 1,000. */
  MASS_OFFERS: { short: 3_000, full: 20_000 },
  /** Bookings of one place at an event that is cancelled; a multiple of 10,000. */
  MASS_BOOKINGS: { short: 10_000, full: 50_000 },
} as const satisfies Record<string, Intensity>;

/** In the short run, only the first: the others are further ways to the same promise. */
export const inFullRun = <Case>(cases: readonly Case[]): readonly Case[] =>
  isFull ? cases : cases.slice(0, 1);

/** A test of the full run only. */
export const fullRunIt: (name: string, test: () => Promise<void>) => void = isFull
  ? it
  : () => undefined;

/** The value of the environment variable, or else that of the current run. */
export function intensity(name: keyof typeof INTENSITIES): number {
  const { short, full } = INTENSITIES[name];
  const chosen = process.env[name];
  return chosen === undefined ? (isFull ? full : short) : Number(chosen);
}
