import { holdsPerSection, splitOverdue } from './overdue.js';

const PLACES_ENOUGH = 1_000;

/** Holds of one section, in the order in which they expired: seconds, and places. */
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
  it('ends all, if they are few', () => {
    const stalls = holds('stalls', [1, 1], [2, 1]);
    const { ended, nextExpiry } = splitOverdue([stalls], 2, PLACES_ENOUGH);
    expect(ended).toEqual(stalls);
    expect(nextExpiry.size).toBe(0);
  });

  it('ends those that expired first, and says when the next one did', () => {
    const stalls = holds('stalls', [1, 1], [2, 1], [3, 1]);
    const { ended, nextExpiry } = splitOverdue([stalls], 2, PLACES_ENOUGH);
    expect(ended).toEqual(stalls.slice(0, 2));
    expect([...nextExpiry]).toEqual([['stalls', at(3)]]);
  });

  it('stops once these are places enough, and ends a single one with however many', () => {
    const stalls = holds('stalls', [1, 2], [2, 2], [3, 2]);
    expect(endedOf([stalls], 9, 3)).toEqual(['stalls-0', 'stalls-1']);
    expect(endedOf([stalls], 9, 4)).toEqual(['stalls-0', 'stalls-1']);
    const { ended, nextExpiry } = splitOverdue([stalls], 9, 1);
    expect(ended).toEqual(stalls.slice(0, 1));
    expect([...nextExpiry]).toEqual([['stalls', at(2)]]);
  });

  it('takes from several sections in turns, and leaves whole ones to the next batch', () => {
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

describe('shareOf', () => {
  it('gives each section of a batch as much as the others, and at least one hold', () => {
    const bound = { holds: 10, places: 10 };
    expect([1, 2, 3, 100].map((sections) => holdsPerSection(bound, sections))).toEqual([
      10, 5, 4, 1,
    ]);
  });
});
