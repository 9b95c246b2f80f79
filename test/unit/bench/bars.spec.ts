import type { Measurement, Round, ScenarioResult } from '../../../bench/harness/results.js';
import { judge } from '../../../bench/reporting/judge.js';
import { verdictLine } from '../../../bench/reporting/verdict-text.js';

interface Figures {
  readonly max?: number;
  readonly peakMb?: number;
  readonly answers?: Readonly<Record<string, number>>;
  readonly rate?: number;
  readonly p50?: number;
  readonly p99?: number;
}

const roundOf = ({
  rate = 0,
  p50 = 0,
  p99 = 0,
  max = 0,
  peakMb = 0,
  answers = {},
}: Figures): Round => ({
  rate,
  latency: { count: 1, mean: 0, p50, p90: 0, p95: 0, p99, p999: 0, max },
  seconds: 1,
  completed: rate,
  perStep: [],
  stepSeconds: 1,
  answers,
  generatorCpu: 0,
  commits: 0,
  peakMb,
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

  it('has the bounds that hold while everybody comes at once', () => {
    const same = (...conditions: readonly string[]) =>
      conditions.map((condition) => measurement('Rowlock', condition, { rate: 1, p99: 1, max: 1 }));
    const others = '40 events while another is locked';
    const verdicts = judge([
      scenario('overload', ...same('peak', '10 times the peak', 'from 1 s after it')),
      scenario('locked-row', ...same('40 events, no lock', others, 'the locked event')),
      scenario(
        'expensive-reads',
        ...same('POST /book, usual', 'POST /book during the reads'),
        ...same('GET /status, usual', 'GET /status during the reads'),
      ),
      scenario('unread', ...same('10 × 100 unread answers', '900 unread answers')),
      scenario(
        'first-second',
        ...same('10,000 people'),
        measurement('ceiling', '10,000 people', { max: 1 }),
      ),
    ]);
    expect(verdicts.map(({ what, bound }) => [what, bound])).toEqual([
      ['overload: bookings/s against the peak', '≥ 0.9'],
      ['overload: bookings/s from 1 s after it against the peak', '≥ 0.9'],
      ['locked row: p99 of the other events against their usual p99', '≤ 2'],
      ['locked row: refusals of the other events', '≤ 0'],
      ['locked row: refusals of the locked event other than `lock_timeout`', '≤ 0'],
      ["expensive reads: p99 of the neighbours' POST /book against their usual p99", '≤ 3'],
      ["expensive reads: refusals of the neighbours' POST /book", '≤ 0'],
      ["expensive reads: p99 of the neighbours' GET /status against their usual p99", '≤ 3'],
      ["expensive reads: refusals of the neighbours' GET /status", '≤ 0'],
      ['10 × 100 unread answers: memory of the service, MB', '≤ 600'],
      ['10 × 100 unread answers: slowest GET /health/live, ms', '≤ 1000'],
      ['900 unread answers: memory of the service, MB', '≤ 600'],
      ['900 unread answers: slowest GET /health/live, ms', '≤ 1000'],
      ['first second, 10,000 people: time to the last answer against the ceiling', '≤ 1.5'],
      ['first second, 10,000 people: refusals', '≤ 0'],
      ['first second, 10,000 people: memory of the service, MB', '≤ 600'],
      ['broken promises (oversold, overtaken, lost or doubled)', '≤ 0'],
    ]);
  });

  it('misses the time to the last answer if somebody got none', () => {
    const [last, refusals] = judge([
      scenario(
        'first-second',
        measurement('Rowlock', '10,000 people', { max: 1, answers: { 'no answer': 1 } }),
        measurement('ceiling', '10,000 people', { max: 1 }),
      ),
    ]);
    expect(last).toMatchObject({ value: Infinity, passed: false });
    expect(refusals).toMatchObject({ value: 1, passed: false });
  });

  it('allows a locked event no refusal but `lock_timeout`', () => {
    const refused = (answers: Readonly<Record<string, number>>) =>
      judge([scenario('locked-row', measurement('Rowlock', 'the locked event', { answers }))])[0];
    expect(refused({ 'HTTP 503 lock_timeout': 9 })).toMatchObject({ value: 0, passed: true });
    expect(refused({ 'HTTP 503 overloaded': 2 })).toMatchObject({ value: 2, passed: false });
  });

  it('judges the queries running in the database', () => {
    const name = 'queries running in the database';
    const series = [{ name, unit: 'queries', values: [3, 64, 16], stepSeconds: 1 }];
    const [queries] = judge([{ ...scenario('expensive-reads'), series }]);
    expect(queries).toMatchObject({ value: 64, bound: '≤ 24', passed: false });
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
