import type { Histogram } from '../../src/platform/observability/index.js';

/** The number and the sum of the values that a histogram has observed. */
export async function totalsOf(
  histogram: Pick<Histogram<never>, 'get'>,
): Promise<{ readonly count: number; readonly sum: number }> {
  const { values } = await histogram.get();
  const valueOf = (suffix: string): number =>
    values.find(({ metricName }) => metricName?.endsWith(suffix) === true)?.value ?? 0;
  return { count: valueOf('_count'), sum: valueOf('_sum') };
}
