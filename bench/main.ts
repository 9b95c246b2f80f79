import { resolve } from 'node:path';
import { compareBuilds } from './compare.js';
import { makeFolder, openServer } from './harness/database.js';
import { runExitHooks, runExitHooksOnSignals } from './harness/exit-hooks.js';
import { raiseConnectionLimit } from './harness/file-limit.js';
import { GeneratorProcess } from './harness/generator-process.js';
import { describeRun } from './harness/machine.js';
import { Progress } from './harness/progress.js';
import type { ScenarioResult } from './harness/results.js';
import type { BenchContext, Scenario } from './harness/scenario.js';
import { type Options, readOptions, USAGE } from './options.js';
import { UsageError } from '../src/platform/common/index.js';
import { judge } from './reporting/judge.js';
import { scenarioText, verdictsText } from './reporting/terminal.js';
import { readResults, type RunResults, writeReport } from './reporting/write.js';
import { SCENARIOS } from './scenarios/index.js';

const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** @returns the exit code */
async function main(options: Options): Promise<number> {
  if (options.from !== undefined) return report(options, readResults(options.from));
  const chosen = SCENARIOS.filter(({ name }) => options.only?.includes(name) ?? true);
  const context = await openContext(options, chosen);
  if (options.compare !== undefined) {
    return compareBuilds(context, resolve(options.compare), print);
  }
  const run = await describeRun(context.server, context.folder);
  for (const [name, value] of Object.entries(run)) print(`${name}: ${value}`);
  const results: ScenarioResult[] = [];
  for (const scenario of chosen) {
    const result = await scenario.run(context);
    context.progress.end();
    results.push(result);
    print(scenarioText(result));
  }
  return report(options, { run, profile: options.profile, results });
}

async function openContext(
  { profile, databaseUrl, cpuProfile }: Options,
  chosen: readonly Scenario[],
): Promise<BenchContext> {
  const folder = makeFolder();
  const server = await openServer(databaseUrl, folder);
  const seconds = chosen.reduce((sum, scenario) => sum + scenario.plannedSeconds(profile), 0);
  return {
    profile,
    server,
    folder,
    cpuProfileFolder: cpuProfile === undefined ? undefined : resolve(cpuProfile),
    progress: new Progress(seconds),
    connectionLimit: raiseConnectionLimit(),
    generator: GeneratorProcess.start(),
  };
}

/** A missed bar is not an error: it is a fact about this machine on this day. */
async function report({ out }: Options, run: RunResults): Promise<number> {
  const verdicts = judge(run.results);
  print(verdictsText(verdicts));
  await writeReport(out, { ...run, verdicts });
  print(`Report: ${out}/report.md`);
  return run.results.some(({ violations }) => violations.length > 0) ? 1 : 0;
}

async function start(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) return print(USAGE);
  runExitHooksOnSignals();
  try {
    process.exitCode = await main(options);
  } finally {
    await runExitHooks();
  }
}

function fail(error: unknown): never {
  const text =
    error instanceof UsageError
      ? `${error.message}\nnpm run bench -- --help lists the options.`
      : String((error as Error).stack);
  process.stderr.write(`${text}\n`);
  process.exit(2);
}

// The channel to the load generator would keep the process alive.
start().then(() => process.exit(), fail);
