import fc from 'fast-check';
import { newestOf, type Stretch } from './newest.js';

/** A list of ids per part, newest first, and what was read of them. */
class Parts {
  rounds = 0;
  read = 0;
  private readonly ids: readonly (readonly string[])[];

  constructor(parts: readonly (readonly string[])[]) {
    this.ids = parts.map((ids) => ids.toSorted().reverse());
  }

  newest(count: number, before?: string): Promise<readonly string[]> {
    const numbers = this.ids.map((_, nth) => nth);
    return newestOf(numbers, { count, before }, (stretches) => {
      this.rounds += 1;
      return Promise.resolve(stretches.map((stretch) => this.idsOf(stretch)));
    });
  }

  private idsOf({ part, before, limit }: Stretch<number>): string[] {
    const older = this.ids[part]!.filter((id) => before === undefined || id < before);
    const ids = older.slice(0, limit);
    this.read += ids.length;
    return ids;
  }
}

const idOf = (number: number): string => String(number).padStart(7, '0');
const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe('newestOf', () => {
  it('returns the newest ids of all parts, however they are spread', async () => {
    const spread = fc.array(fc.nat({ max: 9 }), { maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(
        spread,
        fc.nat({ max: 60 }),
        fc.nat({ max: 250 }),
        async (at, count, old) => {
          const ids = at.map((_, number) => idOf(number));
          const parts = range(10).map((part) => ids.filter((__, number) => at[number] === part));
          const before = idOf(old);
          const expected = ids.toReversed().filter((id) => id < before);
          expect(await new Parts(parts).newest(count + 1, before)).toEqual(
            expected.slice(0, count + 1),
          );
        },
      ),
    );
  });

  it('reads two shares of each part in one round if the ids are spread evenly', async () => {
    const parts = new Parts(range(100).map((part) => range(500).map((n) => idOf(n * 100 + part))));
    expect(await parts.newest(1_000)).toHaveLength(1_000);
    expect(parts.rounds).toBe(1);
    expect(parts.read).toBe(2_000);
  });

  it('reads a few times the count if all are in one part, or in ever fewer', async () => {
    const alone = new Parts(range(200).map((part) => (part === 7 ? range(5_000).map(idOf) : [])));
    expect(await alone.newest(1_000)).toHaveLength(1_000);
    expect(alone.read).toBeLessThanOrEqual(2_000);
    const halving = new Parts(
      range(128).map((part) =>
        range(2_000).map((n) => idOf(1_000_000 - part * 8 - n * (part + 1))),
      ),
    );
    expect(await halving.newest(1_000)).toHaveLength(1_000);
    expect(halving.rounds).toBeLessThanOrEqual(8);
    expect(halving.read).toBeLessThanOrEqual(8 * 2_200);
  });

  it('reads nothing where there is nothing', async () => {
    const none = new Parts([]);
    expect([await none.newest(10), none.rounds]).toEqual([[], 0]);
    const empty = new Parts([[], []]);
    expect([await empty.newest(10), empty.rounds]).toEqual([[], 1]);
  });
});
