import type { Fit } from '../state/section-rules.js';
import type { Hold } from '../state/holds.js';
import type { Command } from '../commands.js';
import type { WaitingEntry } from '../waitlist/waitlist-entry.js';
import type { WaitlistWindow } from '../waitlist/waitlist-queue.js';
import type { SectionBatch } from './load-requirements.js';

/** The loaded tickets and holds of a section, whose places may come free. */
export interface Freeable {
  readonly ticketCount: number;
  readonly held: readonly Pick<Hold, 'quantity' | 'expiresAt'>[];
  readonly now: Date;
}

/** How much of a section's waitlist a batch can need. */
export interface WaitlistLoadPlan {
  /** The `fit` rules under which the next entry may be looked for; none if nobody can be promoted. */
  readonly fits: readonly Fit[];
  /** The most places that the waitlist can get within the batch. */
  readonly places: number;
  /** The most entries that leave, or lose what they got, within the batch. */
  readonly departures: number;
  /** The smallest capacity that the section may shrink to; undefined if it does not shrink. */
  readonly shrinksTo: number | undefined;
}

/** A window to be loaded: the first `count` entries for these quantities. */
export interface WindowQuery {
  readonly minQuantity: number;
  readonly maxQuantity: number;
  readonly count: number;
}

/**
 * How much of the waitlist must be loaded, once the section's tickets and holds are:
 *
 * - for `strict`, the first `places + departures` entries;
 * - for `skip`, for every quantity up to `places` that occurs, the first
 *   `floor(places / quantity) + departures` entries. No more of them can be promoted or leave, and each
 *   promotion leaves fewer places free, so the next entry that fits is always among them;
 * - with `shrinksTo`, all entries that want more. They do not count towards the two above.
 */
export function planWaitlistLoad(
  { section: { row }, commands }: SectionBatch,
  { ticketCount, held, now }: Freeable,
): WaitlistLoadPlan {
  const capacities = commands.flatMap((command) =>
    command.kind === 'resize' ? command.capacity : [],
  );
  const growth = Math.max(0, ...capacities.map((capacity) => capacity - row.capacity));
  const smallest = Math.min(...capacities);
  const heldPlaces = held.reduce((sum, { quantity }) => sum + quantity, 0);
  const isAnyOverdue = held.some(({ expiresAt }) => expiresAt <= now);
  const mayPromote =
    row.waiting > 0 &&
    (row.sales === 'OPEN' || commands.some(({ kind }) => kind === 'open')) &&
    (isAnyOverdue || commands.some(({ kind }) => PROMOTES.has(kind)));
  return {
    fits: mayPromote ? fitsWithin(row.rules.fit, commands) : [],
    places: row.available + growth + ticketCount + heldPlaces,
    departures: commands.filter(({ kind }) => DEPARTS.has(kind)).length,
    shrinksTo: row.waiting > 0 && smallest < row.capacity ? smallest : undefined,
  };
}

/**
 * The windows to load.
 *
 * @param quantities that occur in the waitlist; only needed for `skip`
 */
export function windowQueries(
  { fits, places, departures, shrinksTo = Infinity }: WaitlistLoadPlan,
  quantities: readonly number[],
): readonly WindowQuery[] {
  const queries: WindowQuery[] = [];
  if (shrinksTo < Infinity) {
    queries.push({ minQuantity: shrinksTo + 1, maxQuantity: Infinity, count: Infinity });
  }
  if (fits.includes('strict')) {
    queries.push({ minQuantity: 1, maxQuantity: shrinksTo, count: places + departures });
  }
  if (!fits.includes('skip')) return queries;
  for (const quantity of quantities.filter((q) => q <= Math.min(places, shrinksTo))) {
    const count = Math.floor(places / quantity) + departures;
    queries.push({ minQuantity: quantity, maxQuantity: quantity, count });
  }
  return queries;
}

/**
 * The windows as loaded. For `skip` they include the quantities that do not occur, so that every
 * quantity up to the most places that can be free is covered.
 *
 * @param loaded one list of entries for each query
 */
export function windowsFrom(
  { fits, places, shrinksTo = Infinity }: WaitlistLoadPlan,
  queries: readonly WindowQuery[],
  loaded: readonly (readonly WaitingEntry[])[],
): WaitlistWindow[] {
  const windows = queries.map(({ minQuantity, maxQuantity, count }, index): WaitlistWindow => {
    const entries = loaded[index]!;
    return { minQuantity, maxQuantity, entries, isWhole: entries.length < count };
  });
  if (!fits.includes('skip')) return windows;
  const quantities = queries
    .filter(({ minQuantity, maxQuantity }) => minQuantity === maxQuantity)
    .map(({ minQuantity }) => minQuantity);
  return [...windows, ...gapsBetween(quantities, Math.min(places, shrinksTo))];
}

/** Empty windows on the quantities from 1 to `upTo` that do not occur. */
function gapsBetween(quantities: readonly number[], upTo: number): WaitlistWindow[] {
  const edges = [0, ...quantities.toSorted((a, b) => a - b), upTo + 1];
  const gaps = edges.slice(1).map((edge, index): WaitlistWindow => {
    return { minQuantity: edges[index]! + 1, maxQuantity: edge - 1, entries: [], isWhole: true };
  });
  return gaps.filter(({ minQuantity, maxQuantity }) => minQuantity <= maxQuantity);
}

/** Commands through which an entry may leave, or lose what it got. */
const DEPARTS: ReadonlySet<Command['kind']> = new Set<Command['kind']>([
  'cancel',
  'cancelBooking',
  'releaseSeat',
  'leave',
  'decline',
]);

/** Commands that end in a promotion. */
const PROMOTES: ReadonlySet<Command['kind']> = new Set<Command['kind']>([
  ...DEPARTS,
  'release',
  'resize',
  'configure',
  'open',
]);

function fitsWithin(current: Fit, commands: readonly Command[]): readonly Fit[] {
  const configured = commands.flatMap((command) =>
    command.kind === 'configure' ? (command.rules.fit ?? []) : [],
  );
  return [...new Set([current, ...configured])];
}
