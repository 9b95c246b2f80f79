import { resolve } from 'node:path';
import { compareBuilds } from './compare.js';
import type { Bench } from './harness/bench.js';
import { cleanUp, cleanUpOnSignals } from './harness/cleanup.js';
import { makeFolder, openServer } from './harness/database.js';
import { GeneratorProcess } from './harness/generator-process.js';
import { describeRun } from './harness/machine.js';
import { Progress } from './harness/progress.js';
import type { ScenarioResult } from './harness/results.js';
import { type Options, readOptions, USAGE, UsageError } from './options.js';
import { judge } from './reporting/bars.js';
import { scenarioText, verdictsText } from './reporting/terminal.js';
import { writeReport } from './reporting/write.js';
import { SCENARIOS } from './scenarios/index.js';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** @returns the exit code: 1 if a promise was broken. A bar that was missed is not an error. */
async function main(options: Options): Promise<number> {
  const chosen = SCENARIOS.filter(({ name }) => options.only?.includes(name) ?? true);
  const folder = makeFolder();
  const server = await openServer(options.databaseUrl, folder);
  const planned = chosen.reduce((sum, one) => sum + one.plannedSeconds(options.profile), 0);
  const { profile } = options;
  const progress = new Progress(planned);
  const generator = GeneratorProcess.start();
  const bench: Bench = { profile, server, folder, progress, generator };
  if (options.compare !== undefined) return compareBuilds(bench, resolve(options.compare), say);
  const run = await describeRun(server, folder);
  for (const [name, value] of run) say(`${name}: ${value}`);
  const results: ScenarioResult[] = [];
  for (const scenario of chosen) {
    const result = await scenario.run(bench);
    progress.end();
    results.push(result);
    say(scenarioText(result));
  }
  const verdicts = judge(results);
  say(verdictsText(verdicts));
  await writeReport(options.out, { run, profile, results, verdicts });
  say(`Report: ${options.out}/report.md`);
  return results.some(({ violations }) => violations.length > 0) ? 1 : 0;
}

async function start(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) return say(USAGE);
  cleanUpOnSignals();
  try {
    process.exitCode = await main(options);
  } finally {
    await cleanUp();
  }
}

start().then(
  // The generator's channel would keep the process.
  () => process.exit(),
  (error: unknown) => {
    const isUsage = error instanceof UsageError;
    process.stderr.write(
      `${isUsage ? `${error.message}\n\n${USAGE}` : String((error as Error).stack)}\n`,
    );
    process.exit(2);
  },
);
