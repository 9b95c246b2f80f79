import fc from 'fast-check';

const FAR = 2 ** 30;

/** All numbers alike: fast-check prefers small ones, which are often what breaks, but are no chance. */
const evenly = (): fc.Arbitrary<number> => fc.noBias(fc.nat({ max: FAR }));

/** Chances of one request, by fast-check: the same seed and number throw the same, in any run. */
export class Dice {
  private readonly generated: fc.GeneratorValue;

  constructor(seed: number, nth: number) {
    this.generated = fc.sample(fc.gen(), { seed: seed + nth, numRuns: 1 })[0]!;
  }

  /** From 0, less than `end`. */
  below(end: number): number {
    // One draw, whatever there is to choose from: how much there is depends on what has happened.
    return this.generated(evenly) % end;
  }

  percent(chance: number): boolean {
    return this.below(100) < chance;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)]!;
  }

  /** A value of one of fast-check's own arbitraries. */
  of<Value>(arbitrary: () => fc.Arbitrary<Value>): Value {
    return this.generated(arbitrary);
  }
}
