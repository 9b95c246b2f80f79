import type { Hold } from '../state/holds.js';

/** How much of what is overdue one batch ends, in all of its sections together. */
export interface ExpiryLimit {
  readonly holds: number;
  /** Unless a single hold has more. */
  readonly places: number;
}

/** Few enough that the lock is had for some tenths of a second, also if all of it goes to a line. */
export const EXPIRY_LIMIT: ExpiryLimit = { holds: 500, places: 5_000 };

/** A hold, as far as one must know it to say when it is its turn. */
type Overdue = Pick<Hold, 'id' | 'sectionId' | 'quantity' | 'expiresAt'>;

/** What a batch ends, and what it leaves to the next one. */
export interface OverdueSplit<One> {
  readonly ended: readonly One[];
  /** When the first hold that is left has expired, by section; of sections where one is left. */
  readonly nextExpiry: ReadonlyMap<string, Date>;
}

/** Holds that a batch may end in each of the sections in which something may be overdue. */
export const holdsPerSection = ({ holds }: ExpiryLimit, sections: number): number =>
  Math.ceil(holds / sections);

/**
 * Which of the overdue holds a batch ends: in each section those that expired first, its share of
 * them, and of the sections in turns, until these are places enough.
 *
 * @param loaded by section the first that are overdue, in the order in which they expired: one more
 *   than the share, if there are so many
 */
export function splitOverdue<One extends Overdue>(
  loaded: readonly (readonly One[])[],
  share: number,
  placesMax: number,
): OverdueSplit<One> {
  const inTurns = loaded
    .flatMap((own) => own.slice(0, share).map((hold, nth) => ({ hold, nth })))
    .sort((a, b) => a.nth - b.nth || a.hold.expiresAt.getTime() - b.hold.expiresAt.getTime());
  const ended = new Set<One>();
  let places = 0;
  for (const { hold } of inTurns) {
    if (places >= placesMax) break;
    ended.add(hold);
    places += hold.quantity;
  }
  const left = loaded.flatMap((own) => own.find((hold) => !ended.has(hold)) ?? []);
  const nextExpiry = new Map(left.map(({ sectionId, expiresAt }) => [sectionId, expiresAt]));
  return { ended: [...ended], nextExpiry };
}
