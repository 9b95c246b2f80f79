export type Label = string | number;
export type Labels = readonly [Label, Label, Label];

/**
 * One thing (a count, a distribution) for each combination of three labels, made when it is first
 * asked for. Nothing is built to find one: no key, no object. Labels come from the code, never from
 * clients, so there are few combinations.
 */
export class LabelMap<Thing> implements Iterable<readonly [Labels, Thing]> {
  private readonly things = new Map<Label, Map<Label, Map<Label, Thing>>>();

  constructor(private readonly make: () => Thing) {}

  of(first: Label, second: Label, third: Label): Thing {
    const thing = this.things.get(first)?.get(second)?.get(third);
    return thing ?? this.add([first, second, third]);
  }

  *[Symbol.iterator](): Generator<readonly [Labels, Thing]> {
    for (const [first, seconds] of this.things) {
      for (const [second, thirds] of seconds) {
        for (const [third, thing] of thirds) yield [[first, second, third], thing];
      }
    }
  }

  private add([first, second, third]: Labels): Thing {
    const thing = this.make();
    const seconds = this.things.get(first) ?? new Map<Label, Map<Label, Thing>>();
    const thirds = seconds.get(second) ?? new Map<Label, Thing>();
    this.things.set(first, seconds.set(second, thirds.set(third, thing)));
    return thing;
  }
}
