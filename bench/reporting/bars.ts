import {
  type Measurement,
  median,
  p50,
  p99,
  type Pick,
  rate,
  ratiosOf,
  type ScenarioResult,
} from '../harness/results.js';
import { waitingText } from '../scenarios/cancel-promote.js';
import { AFTER, BEFORE } from '../scenarios/flood.js';
import { EMPTY, FULL } from '../scenarios/growth.js';
import { connectionsText } from '../scenarios/scenario.js';
import { STATUS_CONNECTIONS } from '../scenarios/status.js';
import { BARE_FASTIFY, CEILING, ONE_TRANSACTION as ONE, ROWLOCK } from '../scenarios/strategies.js';
import { EVENTS_CONNECTIONS } from '../scenarios/thousand-events.js';

/** A promise about speed, as a ratio of two measurements of one run. */
interface Bar {
  readonly what: string;
  readonly scenario: string;
  readonly over: readonly [strategy: string, condition: string];
  readonly under: readonly [strategy: string, condition: string];
  readonly pick: Pick;
  readonly bound: readonly ['≥' | '≤', number];
}

export interface Verdict {
  readonly what: string;
  readonly bound: string;
  /** The median over the rounds. */
  readonly ratio: number;
  /** What single rounds said: a bar within this range is not decided by this run. */
  readonly range: readonly [lowest: number, highest: number];
  readonly passed: boolean;
}

const HOT = connectionsText(128);
const LONE = connectionsText(1);
const EVENTS = connectionsText(EVENTS_CONNECTIONS);
const READS = connectionsText(STATUS_CONNECTIONS);

const BARS: readonly Bar[] = [
  {
    what: `hot event, ${HOT}: bookings/s against one transaction per booking`,
    scenario: 'hot',
    over: [ROWLOCK, HOT],
    under: [ONE, HOT],
    pick: rate,
    bound: ['≥', 20],
  },
  {
    what: `hot event, ${HOT}: p99 against one transaction per booking`,
    scenario: 'hot',
    over: [ROWLOCK, HOT],
    under: [ONE, HOT],
    pick: p99,
    bound: ['≤', 0.1],
  },
  {
    what: `hot event, ${HOT}: bookings/s against the ceiling`,
    scenario: 'hot',
    over: [ROWLOCK, HOT],
    under: [CEILING, HOT],
    pick: rate,
    bound: ['≥', 0.5],
  },
  {
    what: '1,000 events: bookings/s against one transaction per booking',
    scenario: 'events',
    over: [ROWLOCK, EVENTS],
    under: [ONE, EVENTS],
    pick: rate,
    bound: ['≥', 4],
  },
  {
    what: 'lone request: p50 against one transaction per booking',
    scenario: 'lone',
    over: [ROWLOCK, LONE],
    under: [ONE, LONE],
    pick: p50,
    bound: ['≤', 1],
  },
  {
    what: 'cancel + promote: 100,000 waiting against 100 waiting',
    scenario: 'cancel',
    over: [ROWLOCK, waitingText(100_000)],
    under: [ROWLOCK, waitingText(100)],
    pick: rate,
    bound: ['≥', 0.8],
  },
  {
    what: 'bookings/s in full tables against empty tables',
    scenario: 'growth',
    over: [ROWLOCK, FULL],
    under: [ROWLOCK, EMPTY],
    pick: rate,
    bound: ['≥', 0.8],
  },
  {
    what: `GET /status, ${READS}: reads/s against bare Fastify`,
    scenario: 'status',
    over: [ROWLOCK, READS],
    under: [BARE_FASTIFY, READS],
    pick: rate,
    bound: ['≥', 0.5],
  },
  {
    what: 'bookings/s after the flood against before it',
    scenario: 'flood',
    over: [ROWLOCK, AFTER],
    under: [ROWLOCK, BEFORE],
    pick: rate,
    bound: ['≥', 0.8],
  },
];

export const FLOOD_MB_MAX = 600;

/** Of the bars whose measurements were made; one that was not measured says nothing. */
export function judge(results: readonly ScenarioResult[]): Verdict[] {
  const verdicts = BARS.flatMap((bar): Verdict[] => {
    const result = results.find(({ name }) => name === bar.scenario);
    const over = find(result, bar.over);
    const under = find(result, bar.under);
    if (over === undefined || under === undefined) return [];
    const ratios = ratiosOf(over, under, bar.pick);
    const ratio = median(ratios);
    const range = [Math.min(...ratios), Math.max(...ratios)] as const;
    const [sign, bound] = bar.bound;
    const passed = sign === '≥' ? ratio >= bound : ratio <= bound;
    return [{ what: bar.what, bound: `${sign} ${bound}`, ratio, range, passed }];
  });
  return [...verdicts, ...judgeMemory(results)];
}

function judgeMemory(results: readonly ScenarioResult[]): Verdict[] {
  const flood = results.find(({ name }) => name === 'flood');
  if (flood === undefined || flood.violations.length > 0) return [];
  const megabytes = Math.max(...(flood.series[0]?.values ?? []));
  return [
    {
      what: 'memory of the service with 10,000 connections, MB',
      bound: `≤ ${FLOOD_MB_MAX}`,
      ratio: megabytes,
      range: [megabytes, megabytes],
      passed: megabytes <= FLOOD_MB_MAX,
    },
  ];
}

function find(
  result: ScenarioResult | undefined,
  [strategy, condition]: readonly [string, string],
): Measurement | undefined {
  if (result === undefined || result.violations.length > 0) return undefined;
  return result.measurements.find((one) => {
    return one.strategy === strategy && one.condition === condition;
  });
}

export const verdictLine = ({ passed, what, bound, ratio, range }: Verdict): string =>
  `${passed ? 'PASS' : 'MISS'}  ${what}: ${ratioText(ratio)} (${bound}; rounds ${rangeText(range)})`;

export function rangeText([lowest, highest]: Verdict['range']): string {
  return lowest === highest ? 'one only' : `${ratioText(lowest)} to ${ratioText(highest)}`;
}

export function ratioText(ratio: number): string {
  if (!Number.isFinite(ratio)) return 'not measurable';
  return ratio >= 100 ? ratio.toFixed(0) : ratio.toFixed(ratio >= 10 ? 1 : 2);
}
