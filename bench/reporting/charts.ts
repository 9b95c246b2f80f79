import {
  type Measurement,
  medianOf,
  p99,
  perCommit,
  type Metric,
  rate,
  type ScenarioResult,
  type TimeSeries,
} from '../harness/results.js';
import { peopleText } from '../scenarios/first-second.js';
import { connectionsText } from '../scenarios/recording.js';
import { CEILING, ROWLOCK } from '../scenarios/strategies.js';
import { MEGABYTES_MAX } from './overload-bars.js';
import type { Labels, LineChart, Point, Series } from './line-chart.js';

/** A chart of the report, and the file that it goes to. */
export interface ReportChart extends LineChart {
  readonly scenario: string;
  readonly file: string;
}

/** The charts that these results have the figures for. */
export function chartsOf(results: readonly ScenarioResult[]): ReportChart[] {
  return results.flatMap((result) => {
    if (result.name === 'first-second') return firstSecondCharts(result);
    if (result.name === 'hot') return hotEventCharts(result);
    if (result.name === 'cancel') return [cancelChart(result)];
    if (result.name === 'replay') return replayCharts(result);
    return result.name === 'flood' ? [memoryChart(result)] : [];
  });
}

/** The crowd that the headline shows; a shorter run shows its largest. */
const HEADLINE = peopleText(10_000);

function firstSecondCharts(result: ScenarioResult): ReportChart[] {
  const conditions = [...new Set(result.measurements.map(({ condition }) => condition))];
  const headline = conditions.includes(HEADLINE) ? HEADLINE : conditions.at(-1);
  return conditions.map((condition) => ({
    scenario: 'first-second',
    file:
      condition === headline
        ? 'first-second.svg'
        : `first-second-${condition.replaceAll(/\D/g, '')}.svg`,
    title: `The first second: ${condition} ask at once`,
    subtitle: 'One connection each, one event with 200 places; refused requests are repeated',
    xTitle: 'seconds since everybody asked',
    yTitle: 'people with their final answer',
    xType: 'quantitative',
    yScale: 'linear',
    series: [ROWLOCK, CEILING].map((name) => {
      const series = result.series.find((one) => one.name === `${name}, ${condition}`)!;
      return { name, points: pointsOverTime(series), isMain: name === ROWLOCK };
    }),
  }));
}

function hotEventCharts(result: ScenarioResult): ReportChart[] {
  const common = {
    scenario: 'hot',
    xTitle: 'concurrent connections, one request at a time on each',
    xType: 'ordinal',
  } as const;
  return [
    {
      ...common,
      file: 'throughput.svg',
      title: 'Throughput on one event',
      subtitle: 'Durable bookings over HTTP; database, service and load generator on one machine',
      yTitle: 'bookings per second',
      yScale: 'linear',
      labelSide: 'below',
      series: seriesByStrategy(result, rate, 'highest'),
    },
    {
      ...common,
      file: 'latency-p99.svg',
      title: '99th percentile latency on one event',
      subtitle: 'Time from request to answer; lower is better',
      yTitle: 'p99 latency, ms (log scale)',
      yScale: 'log',
      series: seriesByStrategy(result, p99, 'all'),
    },
    ...percentileChart(result),
    {
      ...common,
      file: 'batch-size.svg',
      title: 'Batch size on one event',
      subtitle: 'Bookings made ÷ transactions committed',
      yTitle: 'bookings per COMMIT (log scale)',
      yScale: 'log',
      labelSide: 'below',
      series: seriesByStrategy(result, perCommit, 'highest'),
    },
  ];
}

const PERCENTILES = ['p50', 'p90', 'p95', 'p99', 'p999', 'max'] as const;

function percentileChart(result: ScenarioResult): ReportChart[] {
  const condition = connectionsText(128);
  const measurements = result.measurements.filter((one) => one.condition === condition);
  if (measurements.length === 0) return [];
  return [
    {
      scenario: 'hot',
      file: 'latency-percentiles.svg',
      title: `Latency percentiles with ${condition}`,
      subtitle: 'Time from request to answer on one event; lower is better',
      xTitle: 'percentile of all bookings',
      yTitle: 'latency, ms (log scale)',
      xType: 'ordinal',
      yScale: 'log',
      series: measurements.map((one) => strategySeries(one.strategy, percentilesOf(one), 'all')),
    },
  ];
}

const percentilesOf = (measurement: Measurement): Point[] =>
  PERCENTILES.map((percentile) => ({
    x: percentile === 'p999' ? 'p99.9' : percentile,
    y: medianOf(measurement, ({ latency }) => latency[percentile]),
  }));

const cancelChart = (result: ScenarioResult): ReportChart => ({
  scenario: 'cancel',
  file: 'cancel-promote.svg',
  title: 'Cancellations by length of the waitlist',
  subtitle: 'Each cancellation promotes the head of the waitlist',
  xTitle: 'people on the waitlist',
  yTitle: 'cancellations per second',
  xType: 'ordinal',
  yScale: 'linear',
  series: seriesByStrategy(result, rate, 'all'),
});

function replayCharts(result: ScenarioResult): ReportChart[] {
  return result.measurements.map(({ condition }, index) => {
    const [arrivals, answers] = ['arrivals', 'answers'].map((name) => {
      return pointsOverTime(result.series.find((one) => one.name === `${name}, ${condition}`)!);
    });
    return {
      scenario: 'replay',
      file: `on-sale-${index + 1}.svg`,
      title: `On-sale with ${condition}`,
      subtitle: 'Requests due and requests answered within each second',
      xTitle: 'seconds since the sale began',
      yTitle: 'buyers per second',
      xType: 'quantitative',
      yScale: 'linear',
      series: [
        { name: 'answered', points: answers!, isMain: true, labels: 'highest' },
        { name: 'due', points: arrivals!, isReference: true },
      ],
    };
  });
}

function memoryChart(result: ScenarioResult): ReportChart {
  const [memory] = result.series;
  const points = pointsOverTime(memory!);
  return {
    scenario: 'flood',
    file: 'flood-memory.svg',
    title: 'Memory of the service with 10,000 connections',
    subtitle: 'All connections book at one event',
    xTitle: 'seconds since the first request',
    yTitle: 'resident memory, MB',
    xType: 'quantitative',
    yScale: 'linear',
    series: [
      { name: 'Rowlock', points, isMain: true, labels: 'highest' },
      {
        name: 'limit',
        points: points.map(({ x }) => ({ x, y: MEGABYTES_MAX })),
        isReference: true,
      },
    ],
  };
}

const pointsOverTime = ({ values, stepSeconds }: TimeSeries): Point[] =>
  values.map((y, index) => ({ x: index * stepSeconds, y }));

/** Only Rowlock's values are labelled: the labels of all strategies would overlap. */
const strategySeries = (name: string, points: readonly Point[], labels: Labels): Series =>
  name === ROWLOCK ? { name, points, isMain: true, labels } : { name, points };

/** One series per strategy, one point per condition, whose text begins with its number. */
function seriesByStrategy(
  { measurements }: ScenarioResult,
  metric: Metric,
  labels: Labels,
): Series[] {
  const byStrategy = new Map<string, Point[]>();
  for (const measurement of measurements) {
    const points = byStrategy.get(measurement.strategy) ?? [];
    byStrategy.set(measurement.strategy, points);
    points.push({ x: measurement.condition.split(' ')[0]!, y: medianOf(measurement, metric) });
  }
  return [...byStrategy].map(([name, points]) => strategySeries(name, points, labels));
}
