import {
  type Measurement,
  medianOf,
  perCommit,
  type Pick,
  rate,
  type ScenarioResult,
} from '../harness/results.js';
import { FLOOD_MB_MAX } from './bars.js';
import { connectionsText } from '../scenarios/scenario.js';
import { ROWLOCK } from '../scenarios/strategies.js';
import { type Line, lineChart, type LineChart } from './line-chart.js';

export interface Plot {
  readonly scenario: string;
  readonly file: string;
  readonly title: string;
  readonly svg: string;
}

/** The plots for which there is something to show. */
export function plotsOf(results: readonly ScenarioResult[]): Plot[] {
  const named = (name: string): ScenarioResult | undefined =>
    results.find((result) => result.name === name);
  return [
    ...hotPlots(named('hot')),
    ...cancelPlot(named('cancel')),
    ...replayPlots(named('replay')),
    ...memoryPlot(named('flood')),
  ];
}

const plot = (scenario: string, file: string, chart: LineChart): Plot => ({
  scenario,
  file,
  title: chart.title,
  svg: lineChart(chart),
});

const unique = (values: readonly string[]): string[] => [...new Set(values)];

/** One line a strategy, one point a condition. */
function linesOver(result: ScenarioResult, conditions: readonly string[], pick: Pick): Line[] {
  return unique(result.measurements.map(({ strategy }) => strategy)).map((strategy) => ({
    name: strategy,
    isMain: strategy === ROWLOCK,
    values: conditions.map((condition) => {
      const found = result.measurements.find((one) => {
        return one.strategy === strategy && one.condition === condition;
      });
      return found && medianOf(found, pick);
    }),
  }));
}

function hotPlots(result: ScenarioResult | undefined): Plot[] {
  if (result === undefined) return [];
  const conditions = unique(result.measurements.map(({ condition }) => condition));
  const over = {
    xTitle: 'connections, each with one request under way',
    categories: conditions.map((condition) => condition.split(' ')[0]!),
  };
  const throughput: LineChart = {
    ...over,
    title: 'Bookings per second on one event',
    subtitle: 'All durable, over HTTP; database, service and load on one machine',
    yTitle: 'bookings / s',
    yScale: 'linear',
    lines: linesOver(result, conditions, rate),
  };
  const p99: LineChart = {
    ...over,
    title: 'How long the slowest hundredth waits',
    subtitle: '99th percentile of the time to an answer, one event',
    yTitle: 'p99, ms (logarithmic)',
    yScale: 'log',
    lines: linesOver(result, conditions, (round) => round.latency.p99),
  };
  const batches: LineChart = {
    ...over,
    title: 'Bookings that share one COMMIT',
    subtitle: 'Batch size on average: bookings made ÷ transactions committed',
    yTitle: 'bookings / COMMIT (logarithmic)',
    yScale: 'log',
    lines: linesOver(result, conditions, perCommit),
  };
  return [
    plot('hot', 'throughput.svg', throughput),
    plot('hot', 'latency-p99.svg', p99),
    ...percentilePlot(result),
    plot('hot', 'batch-size.svg', batches),
  ];
}

const PERCENTILES = ['p50', 'p90', 'p95', 'p99', 'p999', 'max'] as const;

function percentilePlot(result: ScenarioResult): Plot[] {
  const condition = connectionsText(128);
  const measured = result.measurements.filter((one) => one.condition === condition);
  if (measured.length === 0) return [];
  const values = (one: Measurement): number[] =>
    PERCENTILES.map((name) => medianOf(one, (round) => round.latency[name]));
  const chart: LineChart = {
    title: `Time to an answer with ${condition}`,
    subtitle: 'Everybody books at one event',
    xTitle: 'percentile of all bookings',
    yTitle: 'ms (logarithmic)',
    yScale: 'log',
    categories: PERCENTILES.map((name) => name.replace('p999', 'p99.9')),
    lines: measured.map((one) => {
      return { name: one.strategy, values: values(one), isMain: one.strategy === ROWLOCK };
    }),
  };
  return [plot('hot', 'latency-percentiles.svg', chart)];
}

function cancelPlot(result: ScenarioResult | undefined): Plot[] {
  if (result === undefined) return [];
  const conditions = unique(result.measurements.map(({ condition }) => condition));
  const chart: LineChart = {
    title: 'Cancel and promote, with a line of any length',
    subtitle: 'Each cancel promotes the head; then the one who cancelled joins the end',
    xTitle: 'people in the line',
    yTitle: 'cancels / s',
    yScale: 'linear',
    categories: conditions.map((condition) => condition.split(' ')[0]!),
    lines: linesOver(result, conditions, rate),
  };
  return [plot('cancel', 'cancel-promote.svg', chart)];
}

function replayPlots(result: ScenarioResult | undefined): Plot[] {
  return (result?.measurements ?? []).map(({ condition }, index) => {
    const lines = result!.series
      .filter(({ name }) => name.endsWith(condition))
      .map(({ name, values }) => {
        const short = name.split(',')[0]!;
        const isMain = short === 'answers';
        return { name: short, values, isMain, isReference: !isMain, told: 'highest' as const };
      });
    const seconds = Math.max(...lines.map(({ values }) => values.length));
    const chart: LineChart = {
      title: `An on-sale with ${condition}`,
      subtitle: 'Who arrives within each second, and who is answered',
      xTitle: 'seconds since the sale began',
      yTitle: 'buyers / s',
      yScale: 'linear',
      categories: Array.from({ length: seconds }, (_, second) => String(second + 1)),
      lines,
    };
    return plot('replay', `on-sale-${index + 1}.svg`, chart);
  });
}

function memoryPlot(result: ScenarioResult | undefined): Plot[] {
  const [memory] = result?.series ?? [];
  if (memory === undefined) return [];
  const chart: LineChart = {
    title: 'Memory of the service under a flood',
    subtitle: '10,000 open connections, all booking',
    xTitle: 'seconds',
    yTitle: 'resident memory, MB',
    yScale: 'linear',
    categories: memory.values.map((_, index) => secondsLabel(index * memory.stepSeconds)),
    lines: [
      { name: memory.name, values: memory.values, isMain: true, told: 'highest' },
      { name: 'bound', values: memory.values.map(() => FLOOD_MB_MAX), isReference: true },
    ],
  };
  return [plot('flood', 'flood-memory.svg', chart)];
}

const SECONDS_BETWEEN_LABELS = 2;

const secondsLabel = (seconds: number): string =>
  seconds % SECONDS_BETWEEN_LABELS === 0 ? String(seconds) : '';
