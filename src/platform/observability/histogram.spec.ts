import { Histogram } from './histogram.js';

describe('Distribution', () => {
  it('counts each value in the first bucket whose bound is not below it', () => {
    const distribution = new Histogram([1, 2, 5]);
    for (const value of [0, 1, 1.5, 2, 3, 5, 5.1, 100]) distribution.add(value);
    expect(distribution.counts).toEqual([2, 2, 2, 2]);
    expect(distribution.count).toBe(8);
    expect(distribution.sum).toBeCloseTo(117.6);
  });

  it('is empty at first', () => {
    const { counts, count, sum } = new Histogram([1]);
    expect({ counts, count, sum }).toEqual({ counts: [0, 0], count: 0, sum: 0 });
  });
});
