import { type WaitlistWindow, windowsBySize } from '../core/waitlist/waitlist-window.js';
import type { WaitingEntry } from '../core/waitlist/waitlist-entry.js';
import type { WaitlistWindowQuery } from '../storage/waitlist.repository.js';
import type { WaitlistLoadPlan } from '../core/loading/waitlist-load-plan.js';

/** One part of a line that the rules need, and what it is for. */
interface WindowQuery extends WaitlistWindowQuery {
  /** Of `skip`: the first of those who want exactly so many places. */
  readonly isOfOneSize: boolean;
}

/** What must be known of a section's line; core/reach.ts says why. */
export function windowQueries(
  sectionId: string,
  reach: WaitlistLoadPlan,
  sizes: readonly number[],
): readonly WindowQuery[] {
  const { fits, places, departures: leaves, shrinksTo = Infinity } = reach;
  const wishes: WindowQuery[] = [];
  const wish = (range: [number, number], count: number, isOfOneSize = false): void => {
    const [minQuantity, maxQuantity] = range;
    wishes.push({ sectionId, minQuantity, maxQuantity, count, isOfOneSize });
  };
  if (reach.shrinksTo !== undefined) wish([reach.shrinksTo + 1, Infinity], Infinity);
  if (fits.includes('strict')) wish([1, shrinksTo], places + leaves);
  if (!fits.includes('skip')) return wishes;
  const upTo = Math.min(places, shrinksTo);
  for (const size of sizes.filter((one) => one <= upTo)) {
    wish([size, size], Math.floor(places / size) + leaves, true);
  }
  return wishes;
}

/** The windows as they were loaded, one list of entries for each wish. */
export function windowsFrom(
  wishes: readonly WindowQuery[],
  loaded: readonly (readonly WaitingEntry[])[],
  { fits, places, shrinksTo = Infinity }: WaitlistLoadPlan,
): WaitlistWindow[] {
  const all = wishes.map((wish, index) => {
    const entries = loaded[index]!;
    return { ...wish, entries, isWhole: entries.length < wish.count };
  });
  const others = all.filter((one) => !one.isOfOneSize);
  if (!fits.includes('skip')) return others;
  const sizes = all
    .filter((one) => one.isOfOneSize)
    .map(({ minQuantity: quantity, entries, isWhole }) => ({ quantity, entries, isWhole }));
  return [...others, ...windowsBySize(sizes, Math.min(places, shrinksTo))];
}
