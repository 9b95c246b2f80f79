import {
  AggregatorRegistry,
  Counter,
  type CounterConfiguration,
  Gauge,
  type GaugeConfiguration,
  Histogram,
  type HistogramConfiguration,
  type Metric,
  type MetricObjectWithValues,
  type MetricValue,
  Registry,
} from 'prom-client';

export type { Histogram } from 'prom-client';

/** From what memory takes to what no client waits for. */
export const SECONDS_BUCKETS = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

// These metrics belong to no registry yet: one process may run several applications, each with its own.

export const newCounter = <Label extends string = never>(
  configuration: CounterConfiguration<Label>,
): Counter<Label> => new Counter({ ...configuration, registers: [] });

export const newGauge = <Label extends string = never>(
  configuration: GaugeConfiguration<Label>,
): Gauge<Label> => new Gauge({ ...configuration, registers: [] });

export const newHistogram = <Label extends string = never>(
  configuration: HistogramConfiguration<Label>,
): Histogram<Label> => new Histogram({ ...configuration, registers: [] });

/** The values of a metric: plain data. */
export type MetricValues = MetricObjectWithValues<MetricValue<string>>;

export function valuesOf(metrics: readonly Metric[]): Promise<readonly MetricValues[]> {
  const registry = new Registry();
  for (const metric of metrics) registry.registerMetric(metric);
  return registry.getMetricsAsJSON();
}

/** Adds up the metrics of several threads, in Prometheus' text format. */
export const textOf = (parts: readonly (readonly MetricValues[])[]): Promise<string> =>
  AggregatorRegistry.aggregate([...parts]).metrics();
