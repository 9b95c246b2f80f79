import fc from 'fast-check';

const FAR = 2 ** 30;

/** All numbers are equally likely; fast-check prefers small ones, which distorts chances. */
const evenly = (): fc.Arbitrary<number> => fc.noBias(fc.nat({ max: FAR }));

/** The random choices of one request: the same seed and number repeat them in any run. */
export class RandomChoices {
  private readonly generated: fc.GeneratorValue;

  constructor(seed: number, nth: number) {
    this.generated = fc.sample(fc.gen(), { seed: seed + nth, numRuns: 1 })[0]!;
  }

  /** At least 0, less than `end`. */
  below(end: number): number {
    // One draw, however many choices there are: their number depends on earlier answers.
    return this.generated(evenly) % end;
  }

  percent(chance: number): boolean {
    return this.below(100) < chance;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)]!;
  }

  /** A value from an arbitrary of fast-check. */
  of<Value>(arbitrary: () => fc.Arbitrary<Value>): Value {
    return this.generated(arbitrary);
  }
}
