import { type Metric, Registry } from 'prom-client';
import type { Histogram } from '../../platform/observability/index.js';

export interface Sample {
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
  /** `_bucket`, `_sum` or `_count`, of histograms. */
  readonly suffix?: string;
}

/**
 * A metric, read when somebody asks. Whoever does the work counts in his own way, as cheaply as he
 * can, and knows nothing of Prometheus.
 */
export interface Family {
  /** As Prometheus names things: with the unit last, and `_total` if it only rises. */
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** No sample: it is not known now. */
  readonly read: () => readonly Sample[] | Promise<readonly Sample[]>;
}

/** The one sample of a metric without labels. */
export const sample = (value: number): Sample[] => [{ labels: {}, value }];

/** One sample for each name. */
export const samples = (label: string, values: Iterable<readonly [string, number]>): Sample[] =>
  [...values].map(([name, value]) => ({ labels: { [label]: name }, value }));

/** What a distribution is as a histogram: of each bound, all values up to it. */
export function histogram(
  { bounds, counts, sum }: Histogram,
  labels: Sample['labels'] = {},
): Sample[] {
  let count = 0;
  const buckets = counts.map((own, index) => {
    count += own;
    const le = bounds[index] ?? '+Inf';
    return { suffix: '_bucket', labels: { ...labels, le }, value: count };
  });
  return [
    ...buckets,
    { suffix: '_sum', labels, value: sum },
    { suffix: '_count', labels, value: count },
  ];
}

/** Prometheus' own library writes the text; of a metric it asks no more than `get` and its name. */
export function registryOf(families: readonly Family[]): Registry {
  const registry = new Registry();
  for (const family of families) registry.registerMetric(asMetric(family) as unknown as Metric);
  return registry;
}

function asMetric({ name, help, type, read }: Family): object {
  const get = async (): Promise<object> => {
    const found = await read();
    const values = found.map(({ labels, value, suffix = '' }) => ({
      metricName: name + suffix,
      labels,
      value,
    }));
    return { name, help, type, values, aggregator: 'sum' };
  };
  return { name, help, type, get };
}
