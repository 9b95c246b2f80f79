import type { Hold } from '../state/holds.js';

/** The most overdue holds that one batch ends, in all of its sections together. */
export interface ExpiryLimit {
  readonly holds: number;
  /** Not counting the last hold, which may exceed it. */
  readonly places: number;
}

/** Keeps the lock for a few tenths of a second, even if all places go to the waitlist. */
export const EXPIRY_LIMIT: ExpiryLimit = { holds: 500, places: 5_000 };

type OverdueHold = Pick<Hold, 'id' | 'sectionId' | 'quantity' | 'expiresAt'>;

/** The overdue holds that a batch ends, and those that it leaves. */
export interface OverdueSplit<Row> {
  readonly ended: readonly Row[];
  /** By section, when the first hold expired that is left; only for sections where one is left. */
  readonly nextExpiry: ReadonlyMap<string, Date>;
}

/** The most holds that a batch ends in each of `sections` sections. */
export const holdsPerSection = ({ holds }: ExpiryLimit, sections: number): number =>
  Math.ceil(holds / sections);

/**
 * Chooses the overdue holds that a batch ends: in each section the first by expiry, at most
 * `perSection`, taking the sections in turn until `placesMax` places are reached.
 *
 * @param loaded for each section its first overdue holds by expiry: one more than `perSection`, if
 *   there are that many
 */
export function splitOverdue<Row extends OverdueHold>(
  loaded: readonly (readonly Row[])[],
  perSection: number,
  placesMax: number,
): OverdueSplit<Row> {
  const inTurn = loaded
    .flatMap((holds) => holds.slice(0, perSection).map((hold, turn) => ({ hold, turn })))
    .sort((a, b) => a.turn - b.turn || a.hold.expiresAt.getTime() - b.hold.expiresAt.getTime());
  const ended = new Set<Row>();
  let places = 0;
  for (const { hold } of inTurn) {
    if (places >= placesMax) break;
    ended.add(hold);
    places += hold.quantity;
  }
  const left = loaded.flatMap((holds) => holds.find((hold) => !ended.has(hold)) ?? []);
  const nextExpiry = new Map(left.map(({ sectionId, expiresAt }) => [sectionId, expiresAt]));
  return { ended: [...ended], nextExpiry };
}
