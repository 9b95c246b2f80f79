import fc from 'fast-check';
import type { Command } from '../commands.js';
import { type Seat, Seats } from '../state/seats.js';
import { hasRunsEnough } from './adjacent-seats.js';

const seatAt = (position: number): Seat => ({
  id: `s${position}`,
  row: 'A',
  number: position,
  position,
  status: 'AVAILABLE',
});

const book = (quantity: number, seatIds?: readonly string[]): Command =>
  ({ kind: 'book', quantity, seatIds }) as Command;

describe(hasRunsEnough.name, () => {
  it('misses a run of two among seats that are all alone', () => {
    expect(hasRunsEnough([1, 3, 5, 7], { commands: [book(2)] }, [])).toBe(false);
    expect(hasRunsEnough([1, 3, 5, 7], { commands: [] }, [{ quantity: 2 }])).toBe(false);
  });

  it('needs no run for single seats and for seats that are named', () => {
    const commands = [book(1), book(2, ['s3', 's9'])];
    expect(hasRunsEnough([1, 3, 5, 7], { commands }, [{ quantity: 1 }])).toBe(true);
  });

  it.each([
    ['one run each', [1, 2, 4, 5], [book(2), book(2)], true],
    ['one run for two', [1, 2, 4], [book(2), book(2)], false],
    ['a long run for two', [1, 2, 3, 4], [book(2), book(2)], true],
    ['a single seat that may break a run', [1, 2], [book(1), book(2)], false],
    ['a named seat that may break a run', [1, 2, 3], [book(1, ['s2']), book(2)], false],
  ])('%s', (_, positions, commands, expected) => {
    expect(hasRunsEnough(positions, { commands }, [])).toBe(expected);
  });

  /** What the batch picks, in this order, from the seats that are loaded. */
  const picksFrom = (positions: readonly number[], named: readonly number[], batch: Command[]) => {
    const ids = [...new Set([...positions, ...named])];
    const seats = new Seats(ids.map(seatAt));
    return batch.map((command) => {
      const { quantity, seatIds } = command as { quantity: number; seatIds?: readonly string[] };
      const free = seatIds?.every((id) => seats.statusOf(id) === 'AVAILABLE') ?? true;
      const picked = free ? (seatIds ?? seats.pick(quantity)) : undefined;
      if (picked !== undefined) seats.book(picked);
      return picked;
    });
  };

  it('is true only if the first free seats lead to the same picks as all free seats', () => {
    const free = fc.uniqueArray(fc.nat(60), { minLength: 1, maxLength: 60 });
    const wishes = fc.array(
      fc.record({ quantity: fc.integer({ min: 1, max: 4 }), named: fc.boolean() }),
      { minLength: 1, maxLength: 8 },
    );
    const scene = fc.record({ free, wishes, loaded: fc.nat(40), seed: fc.nat(1_000) });
    let enough = 0;
    fc.assert(
      fc.property(scene, ({ free: unsorted, wishes: wanted, loaded, seed }) => {
        const positions = unsorted.toSorted((a, b) => a - b);
        let next = seed;
        const commands = wanted.map(({ quantity, named }) => {
          if (!named) return book(quantity);
          const start = (next = (next * 31 + 7) % positions.length);
          return book(
            quantity,
            positions.slice(start, start + quantity).map((at) => `s${at}`),
          );
        });
        const demand = wanted.reduce((sum, { quantity }) => sum + quantity, 0);
        const window = positions.slice(0, demand + loaded);
        if (!hasRunsEnough(window, { commands }, [])) return;
        enough += 1;
        const named = commands.flatMap((command) =>
          ('seatIds' in command ? (command.seatIds ?? []) : []).map((id) => Number(id.slice(1))),
        );
        expect(picksFrom(window, named, commands)).toEqual(picksFrom(positions, [], commands));
      }),
      { numRuns: 5_000 },
    );
    expect(enough).toBeGreaterThan(200);
  });
});
