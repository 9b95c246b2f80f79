import { Histogram } from '../../platform/observability/index.js';
import { samples, type Family, histogram, sample, registryOf } from './family.js';

const textOf = (family: Pick<Family, 'type' | 'read'>): Promise<string> =>
  registryOf([{ name: 'things', help: 'What they are', ...family }]).metrics();

const lines = (...all: readonly string[]): string => `${all.join('\n')}\n`;

describe('a metric that is read', () => {
  it('is written as Prometheus reads it', async () => {
    const values = [
      ['a', 1],
      ['b "c"\n', 2.5],
    ] as const;
    expect(await textOf({ type: 'counter', read: () => samples('kind', values) })).toBe(
      lines(
        '# HELP things What they are',
        '# TYPE things counter',
        'things{kind="a"} 1',
        'things{kind="b \\"c\\"\\n"} 2.5',
      ),
    );
  });

  it('may be read later, and may be unknown', async () => {
    const later = await textOf({ type: 'gauge', read: () => Promise.resolve(sample(7)) });
    expect(later).toContain('\nthings 7\n');
    const unknown = await textOf({ type: 'gauge', read: () => [] });
    expect(unknown).toBe(lines('# HELP things What they are', '# TYPE things gauge'));
  });

  it('adds up the buckets of a distribution', async () => {
    const distribution = new Histogram([0.5, 1]);
    for (const value of [0.25, 0.5, 1, 3]) distribution.add(value);
    const read = () => histogram(distribution, { route: '/book' });
    expect(await textOf({ type: 'histogram', read })).toBe(
      lines(
        '# HELP things What they are',
        '# TYPE things histogram',
        'things_bucket{route="/book",le="0.5"} 2',
        'things_bucket{route="/book",le="1"} 3',
        'things_bucket{route="/book",le="+Inf"} 4',
        'things_sum{route="/book"} 4.75',
        'things_count{route="/book"} 4',
      ),
    );
  });
});
