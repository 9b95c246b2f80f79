import { holdsPerSection, splitOverdue } from './overdue.js';

const PLACES_ENOUGH = 1_000;

/** Overdue holds of one section, by expiry: seconds and places. */
const holds = (
  sectionId: string,
  ...all: readonly (readonly [seconds: number, places: number])[]
) =>
  all.map(([seconds, quantity], nth) => {
    return { id: `${sectionId}-${nth}`, sectionId, quantity, expiresAt: at(seconds) };
  });

const at = (seconds: number): Date => new Date(seconds * 1_000);

const endedOf = (...args: Parameters<typeof splitOverdue>): string[] =>
  splitOverdue(...args).ended.map(({ id }) => id);

describe('splitOverdue', () => {
  it('ends all overdue holds within the limit', () => {
    const stalls = holds('stalls', [1, 1], [2, 1]);
    const { ended, nextExpiry } = splitOverdue([stalls], 2, PLACES_ENOUGH);
    expect(ended).toEqual(stalls);
    expect(nextExpiry.size).toBe(0);
  });

  it('ends the first holds by expiry, and returns the expiry of the next one', () => {
    const stalls = holds('stalls', [1, 1], [2, 1], [3, 1]);
    const { ended, nextExpiry } = splitOverdue([stalls], 2, PLACES_ENOUGH);
    expect(ended).toEqual(stalls.slice(0, 2));
    expect([...nextExpiry]).toEqual([['stalls', at(3)]]);
  });

  it('stops at the maximum of places, but always ends one hold', () => {
    const stalls = holds('stalls', [1, 2], [2, 2], [3, 2]);
    expect(endedOf([stalls], 9, 3)).toEqual(['stalls-0', 'stalls-1']);
    expect(endedOf([stalls], 9, 4)).toEqual(['stalls-0', 'stalls-1']);
    const { ended, nextExpiry } = splitOverdue([stalls], 9, 1);
    expect(ended).toEqual(stalls.slice(0, 1));
    expect([...nextExpiry]).toEqual([['stalls', at(2)]]);
  });

  it('takes the sections in turn, and leaves whole holds to the next batch', () => {
    const [stalls, box] = [holds('stalls', [1, 1], [2, 1]), holds('box', [3, 1], [4, 1])];
    expect(endedOf([stalls, box], 2, 3)).toEqual(['stalls-0', 'box-0', 'stalls-1']);
    const { ended, nextExpiry } = splitOverdue([stalls, box], 2, 1);
    expect(ended).toEqual(stalls.slice(0, 1));
    expect([...nextExpiry]).toEqual([
      ['stalls', at(2)],
      ['box', at(3)],
    ]);
  });
});

describe('holdsPerSection', () => {
  it('divides the limit evenly among the sections, at least one hold each', () => {
    const bound = { holds: 10, places: 10 };
    expect([1, 2, 3, 100].map((sections) => holdsPerSection(bound, sections))).toEqual([
      10, 5, 4, 1,
    ]);
  });
});
