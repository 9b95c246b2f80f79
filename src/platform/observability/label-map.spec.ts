import { LabelMap, type Labels } from './label-map.js';

describe('LabelMap', () => {
  it('creates one value for each combination of labels, on first access', () => {
    const made: object[] = [];
    const things = new LabelMap(() => {
      made.push({});
      return made.at(-1)!;
    });
    expect([...things]).toEqual([]);
    const combinations: readonly Labels[] = [
      ['GET', '/a', 200],
      ['GET', '/a', 404],
      ['GET', '/b', 200],
      ['POST', '/a', 200],
    ];
    const asked = combinations.map((labels) => things.of(...labels));
    expect(new Set(asked).size).toBe(4);
    expect(combinations.map((labels) => things.of(...labels))).toEqual(asked);
    expect(made).toHaveLength(4);
    expect([...things].map(([labels]) => labels)).toEqual(combinations);
    for (const [index, [, thing]] of [...things].entries()) expect(thing).toBe(asked[index]);
  });
});
