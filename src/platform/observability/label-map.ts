export type Label = string | number;
export type Labels = readonly [Label, Label, Label];

/**
 * One value for each combination of three labels, created on first access. A lookup allocates nothing: no
 * key, no object. Labels come from the code and never from clients, so there are few combinations.
 */
export class LabelMap<Value> implements Iterable<readonly [Labels, Value]> {
  private readonly values = new Map<Label, Map<Label, Map<Label, Value>>>();

  constructor(private readonly create: () => Value) {}

  of(first: Label, second: Label, third: Label): Value {
    const value = this.values.get(first)?.get(second)?.get(third);
    return value ?? this.add([first, second, third]);
  }

  *[Symbol.iterator](): Generator<readonly [Labels, Value]> {
    for (const [first, seconds] of this.values) {
      for (const [second, thirds] of seconds) {
        for (const [third, value] of thirds) yield [[first, second, third], value];
      }
    }
  }

  private add([first, second, third]: Labels): Value {
    const value = this.create();
    const seconds = this.values.get(first) ?? new Map<Label, Map<Label, Value>>();
    const thirds = seconds.get(second) ?? new Map<Label, Value>();
    this.values.set(first, seconds.set(second, thirds.set(third, value)));
    return value;
  }
}
