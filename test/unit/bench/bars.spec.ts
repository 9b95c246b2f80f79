import type { Measurement, Round, ScenarioResult } from '../../../bench/harness/results.js';
import { judge } from '../../../bench/reporting/judge.js';
import { verdictLine } from '../../../bench/reporting/verdict-text.js';

interface Figures {
  readonly rate?: number;
  readonly p50?: number;
  readonly p99?: number;
}

const roundOf = ({ rate = 0, p50 = 0, p99 = 0 }: Figures): Round => ({
  rate,
  latency: { count: 1, mean: 0, p50, p90: 0, p95: 0, p99, p999: 0, max: 0 },
  seconds: 1,
  completed: rate,
  perStep: [],
  stepSeconds: 1,
  answers: {},
  generatorCpu: 0,
  commits: 0,
  peakMb: 0,
  processors: { service: 0, database: 0, generator: 0 },
});

const measurement = (
  strategy: string,
  condition: string,
  ...rounds: readonly Figures[]
): Measurement => ({ strategy, condition, unit: 'bookings', rounds: rounds.map(roundOf) });

const scenario = (name: string, ...measurements: readonly Measurement[]): ScenarioResult => ({
  name,
  title: name,
  about: '',
  measurements,
  facts: [],
  series: [],
  violations: [],
});

const ONE = 'one transaction per booking';

describe('bars of the benchmark', () => {
  it('has the bounds that the service promises', () => {
    const same = (condition: string, ...strategies: readonly string[]) =>
      strategies.map((strategy) => measurement(strategy, condition, { rate: 1, p50: 1, p99: 1 }));
    const verdicts = judge([
      scenario('hot', ...same('128 connections', 'Rowlock', ONE, 'ceiling')),
      scenario('events', ...same('128 connections', 'Rowlock', ONE)),
      scenario('cancel', ...same('100,000 waiting', 'Rowlock'), ...same('100 waiting', 'Rowlock')),
      scenario('growth', ...same('full tables', 'Rowlock'), ...same('empty tables', 'Rowlock')),
      scenario('status', ...same('64 connections', 'Rowlock', 'bare Fastify')),
      scenario('lone', ...same('1 connection', 'Rowlock', ONE)),
    ]);
    expect(verdicts.map(({ what, bound }) => [what, bound])).toEqual([
      ['one event, 128 connections: bookings/s against one transaction per booking', '≥ 20'],
      ['one event, 128 connections: p99 against one transaction per booking', '≤ 0.1'],
      ['one event, 128 connections: bookings/s against the ceiling', '≥ 0.9'],
      ['1,000 events: bookings/s against one transaction per booking', '≥ 4'],
      ['cancel + promote: cancels/s with 100,000 waiting against 100 waiting', '≥ 0.8'],
      ['growth: bookings/s with full tables against empty tables', '≥ 0.8'],
      ['GET /status/:id, 64 connections: reads/s against a bare Fastify GET', '≥ 0.7'],
      ['lone request: p50 against one transaction per booking', '≤ 1'],
      ['broken promises (oversold, overtaken, lost or doubled)', '≤ 0'],
    ]);
  });

  it('judges the median of the ratios round by round', () => {
    const [status] = judge([
      scenario(
        'status',
        measurement('Rowlock', '64 connections', { rate: 60 }, { rate: 80 }, { rate: 30 }),
        measurement('bare Fastify', '64 connections', { rate: 100 }, { rate: 100 }, { rate: 40 }),
      ),
    ]);
    expect(status).toMatchObject({ value: 0.75, range: [0.6, 0.8], passed: true });
  });

  it('passes a bar that is exactly reached', () => {
    const [status] = judge([
      scenario(
        'status',
        measurement('Rowlock', '64 connections', { rate: 70 }),
        measurement('bare Fastify', '64 connections', { rate: 100 }),
      ),
    ]);
    expect(status).toMatchObject({ value: 0.7, passed: true });
  });

  it('shows a missed bar with its figure', () => {
    const [status] = judge([
      scenario(
        'status',
        measurement('Rowlock', '64 connections', { rate: 49 }),
        measurement('bare Fastify', '64 connections', { rate: 100 }),
      ),
    ]);
    expect(verdictLine(status!)).toBe(
      'MISS  GET /status/:id, 64 connections: reads/s against a bare Fastify GET: 0.49 (bar: ≥ 0.7)',
    );
  });

  it('misses a bar whose ratio cannot be computed', () => {
    const [status] = judge([
      scenario(
        'status',
        measurement('Rowlock', '64 connections', { rate: 0 }),
        measurement('bare Fastify', '64 connections', { rate: 0 }),
      ),
    ]);
    expect(status!.passed).toBe(false);
    expect(verdictLine(status!)).toContain('not measurable');
  });

  it('judges no figures of a scenario that broke a promise, and counts the broken promises', () => {
    const broken = {
      ...scenario(
        'lone',
        measurement('Rowlock', '1 connection', { p50: 1 }),
        measurement(ONE, '1 connection', { p50: 2 }),
      ),
      violations: ['oversold by 1'],
    };
    expect(judge([broken])).toEqual([
      {
        what: 'broken promises (oversold, overtaken, lost or doubled)',
        bound: '≤ 0',
        value: 1,
        range: [1, 1],
        passed: false,
      },
    ]);
  });

  it('judges the peak memory of the flood', () => {
    const series = [{ name: 'memory (RSS)', unit: 'MB', values: [200, 610, 300], stepSeconds: 1 }];
    const [memory] = judge([{ ...scenario('flood'), series }]);
    expect(memory).toMatchObject({ value: 610, bound: '≤ 600', passed: false });
  });
});
