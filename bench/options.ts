import { join } from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { UsageError } from '../src/platform/common/index.js';
import { ROOT } from './harness/paths.js';
import { FULL, type Profile, QUICK } from './harness/profile.js';
import { SCENARIOS } from './scenarios/index.js';

const scenarioList = SCENARIOS.map(({ name, title }) => `    ${name.padEnd(15)} ${title}`).join(
  '\n',
);

export const USAGE = `Usage: npm run bench -- [options]

Starts a database, the service and a load generator, each in its own process, and measures them.
Checks the database after every scenario. Writes the report to bench/report/.

  --quick               run everything briefly: short measurements, one round; about five minutes
  --only a,b            run only these scenarios:
${scenarioList}
  --seconds n           length of one measurement
  --rounds n            rounds of each comparison; the report shows the median
  --connections a,b     connection counts of the hot event
  --people a,b          sizes of the first second
  --database-url url    use this server (mysql://user:password@host:3306) instead of an embedded one;
                        the benchmark creates its own databases there and drops them
  --compare dir         measure only the hot event, on this build and in turns on the build in this
                        dist folder (with node_modules beside it)
  --cpu-profile dir     write a CPU profile of the service to this folder for every scenario
  --from file           measure nothing; judge and draw this report.json again
  --out dir             folder of the report
  --help                print this help

The service takes LANES, QUEUE_SECONDS_MAX and DATABASE_POOL_SIZE from the environment.
EMBEDDED_MYSQLD selects the binary of the embedded server.

Exit codes: 0 the run is complete, even if it missed a bar; 1 a promise was broken; 2 the command
line is wrong or the run failed.`;

export interface Options {
  readonly help: boolean;
  readonly profile: Profile;
  readonly only: readonly string[] | undefined;
  readonly databaseUrl: string | undefined;
  readonly compare: string | undefined;
  readonly cpuProfile: string | undefined;
  readonly from: string | undefined;
  readonly out: string;
}

const TEXT = { type: 'string' } as const;
const FLAG = { type: 'boolean', default: false } as const;

const OPTIONS = {
  help: FLAG,
  quick: FLAG,
  only: TEXT,
  seconds: TEXT,
  rounds: TEXT,
  connections: TEXT,
  people: TEXT,
  'database-url': TEXT,
  compare: TEXT,
  'cpu-profile': TEXT,
  from: TEXT,
  out: TEXT,
} satisfies ParseArgsConfig['options'];

/** @throws {UsageError} */
export function readOptions(args: readonly string[]): Options {
  const given = parse(args);
  const base = given.quick ? QUICK : FULL;
  return {
    help: given.help,
    profile: {
      ...base,
      seconds: numbers('--seconds', given.seconds)?.[0] ?? base.seconds,
      rounds: Math.ceil(numbers('--rounds', given.rounds)?.[0] ?? base.rounds),
      connections: numbers('--connections', given.connections) ?? base.connections,
      crowds: numbers('--people', given.people) ?? base.crowds,
    },
    only: scenarioNames(given.only),
    databaseUrl: given['database-url'],
    compare: given.compare,
    cpuProfile: given['cpu-profile'],
    from: given.from,
    out: given.out ?? join(ROOT, 'bench/report'),
  };
}

function parse(args: readonly string[]) {
  // First without `strict`, whose messages for unknown options advise on positional arguments.
  const { tokens } = parseArgs({ args: [...args], options: OPTIONS, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind === 'positional') throw new UsageError(`unexpected argument "${token.value}"`);
    if (token.kind === 'option' && !Object.hasOwn(OPTIONS, token.name)) {
      throw new UsageError(`unknown option ${token.rawName}`);
    }
  }
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

function scenarioNames(text: string | undefined): string[] | undefined {
  const names = text?.split(',').map((name) => name.trim());
  const unknown = names?.find((name) => !SCENARIOS.some((scenario) => scenario.name === name));
  if (unknown !== undefined) throw new UsageError(`--only: unknown scenario "${unknown}"`);
  return names;
}

function numbers(option: string, text: string | undefined): number[] | undefined {
  if (text === undefined) return undefined;
  const values = text.split(',').map(Number);
  if (values.every((value) => Number.isFinite(value) && value > 0)) return values;
  throw new UsageError(`${option}: "${text}" is not a number above 0`);
}
