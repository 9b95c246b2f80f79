import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from './harness/paths.js';
import { FULL, type Profile, QUICK } from './harness/profile.js';
import { SCENARIOS } from './scenarios/index.js';

const scenarioList = SCENARIOS.map(({ name, title }) => `    ${name.padEnd(12)} ${title}`).join(
  '\n',
);

export const USAGE = `Usage: npm run bench -- [options]

Starts a database, the service and a load generator as processes of their own, measures, checks the
invariants of the database after every scenario, and writes bench/report/.

  --quick               everything in less than three minutes: short measurements, one round
  --only a,b            only these scenarios:
${scenarioList}
  --seconds n           length of one measurement
  --rounds n            rounds of each comparison; the median counts
  --connections a,b     of the hot event
  --database-url url    measure on this server (mysql://user:password@host:3306) instead of an
                        embedded one; a database of its own is made there, and dropped
  --compare dir         measure nothing but the hot event, on this build and on the one in that dist
                        folder (with node_modules beside it), in turns
  --out dir             where the report goes
  --help

Settings of the service (LANES, LANE_QUEUE_LIMIT, DATABASE_POOL_SIZE) are taken from the environment.
EMBEDDED_MYSQLD chooses the embedded server's binary.`;

export class UsageError extends Error {}

export interface Options {
  readonly help: boolean;
  readonly profile: Profile;
  readonly only: readonly string[] | undefined;
  readonly databaseUrl: string | undefined;
  readonly compare: string | undefined;
  readonly out: string;
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        help: flag,
        quick: flag,
        only: text,
        seconds: text,
        rounds: text,
        connections: text,
        'database-url': text,
        compare: text,
        out: text,
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

/** @throws {UsageError} if they make no sense */
export function readOptions(args: readonly string[]): Options {
  const given = parse(args);
  const base = given.quick ? QUICK : FULL;
  const [seconds] = numbers('--seconds', given.seconds) ?? [base.seconds];
  const [rounds] = numbers('--rounds', given.rounds) ?? [base.rounds];
  const connections = numbers('--connections', given.connections) ?? base.connections;
  const only = given.only?.split(',').map((name) => name.trim());
  const unknown = only?.find((name) => !SCENARIOS.some((scenario) => scenario.name === name));
  if (unknown !== undefined) throw new UsageError(`--only: there is no scenario "${unknown}"`);
  return {
    help: given.help,
    profile: { ...base, seconds: seconds!, rounds: Math.round(rounds!), connections },
    only,
    databaseUrl: given['database-url'],
    compare: given.compare,
    out: given.out ?? join(ROOT, 'bench/report'),
  };
}

function numbers(option: string, text: string | undefined): number[] | undefined {
  if (text === undefined) return undefined;
  const values = text.split(',').map(Number);
  if (values.every((value) => Number.isFinite(value) && value > 0)) return values;
  throw new UsageError(`${option}: "${text}" is not a number above 0`);
}
