import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Build, THIS_BUILD } from './harness/database.js';
import {
  type Measurement,
  medianOf,
  type Metric,
  p50,
  p99,
  rate,
  ratioOf,
} from './harness/results.js';
import type { BenchContext } from './harness/scenario.js';
import type { ServerProcess } from './harness/server-process.js';
import { newPrefix, Testbed } from './harness/testbed.js';
import { UsageError } from '../src/platform/common/index.js';
import { scenarioText } from './reporting/terminal.js';
import { valueText } from './reporting/verdict-text.js';
import { CAPACITY } from './scenarios/hot-event.js';
import { connectionsText, Recording } from './scenarios/recording.js';

const SCRAPE_MS = 1_000;

interface BuildUnderTest {
  readonly name: string;
  readonly testbed: Testbed;
}

/**
 * Measures the hot event on two builds in turns, each on a database that it migrated itself, with API keys,
 * rate limits, logs and metrics switched on.
 *
 * @returns the exit code
 */
export async function compareBuilds(
  context: BenchContext,
  otherFolder: string,
  print: (text: string) => void,
): Promise<number> {
  const other = buildIn(otherFolder);
  const about = `${THIS_BUILD.name} against ${otherFolder}`;
  const recording = new Recording(context, { name: 'compare', title: 'Hot event', about });
  const builds: BuildUnderTest[] = [];
  for (const build of [THIS_BUILD, other]) {
    builds.push({ name: build.name, testbed: await Testbed.ofBuild(context, build) });
  }
  for (const { name, testbed } of builds) await testbed.warmUp(name);
  await measureInTurns(context, recording, builds);
  const result = await recording.finish(builds.map(({ testbed }) => testbed));
  context.progress.end();
  print(scenarioText(result));
  if (result.violations.length > 0) return 1;
  for (const connections of context.profile.connections) {
    const measurementOf = ({ name }: Build): Measurement =>
      result.measurements.find(({ strategy, condition }) => {
        return strategy === name && condition === connectionsText(connections);
      })!;
    print(comparison(measurementOf(THIS_BUILD), measurementOf(other)));
  }
  return 0;
}

async function measureInTurns(
  context: BenchContext,
  recording: Recording,
  builds: readonly BuildUnderTest[],
): Promise<void> {
  const servers = builds.map(({ name, testbed }) => testbed.server(name));
  const scrapes = scrapeEverySecond(servers);
  const { connections: counts, rounds } = context.profile;
  for (const connections of counts) {
    for (let round = 0; round < rounds; round += 1) {
      for (const build of builds) await bookAt(context, recording, build, connections);
    }
  }
  clearInterval(scrapes);
}

/** Far more often than a Prometheus server scrapes. A failed scrape ends the run. */
const scrapeEverySecond = (servers: readonly ServerProcess[]): NodeJS.Timeout =>
  setInterval(() => servers.forEach((server) => void server.scrape()), SCRAPE_MS);

async function bookAt(
  { profile }: BenchContext,
  recording: Recording,
  { name, testbed }: BuildUnderTest,
  connections: number,
): Promise<void> {
  const eventIds = [await testbed.openEvent(name, CAPACITY)];
  const workload = { kind: 'book', eventIds, prefix: newPrefix() } as const;
  const kind = { strategy: name, condition: connectionsText(connections), unit: 'bookings' };
  await recording.round(kind, profile.seconds + profile.warmUpSeconds, () =>
    testbed.closedLoop(name, connections, workload),
  );
}

function comparison(ours: Measurement, theirs: Measurement): string {
  const ratio = (metric: Metric): string => valueText(ratioOf(ours, theirs, metric));
  const rates = [ours, theirs].map((one) =>
    Math.round(medianOf(one, rate)).toLocaleString('en-GB'),
  );
  return (
    `${ours.condition}: ${rates.join(' against ')} bookings/s, ` +
    `rate × ${ratio(rate)}, p50 × ${ratio(p50)}, p99 × ${ratio(p99)}`
  );
}

function buildIn(folder: string): Build {
  const candidates = [folder, join(folder, 'dist')];
  const dist = candidates.find((candidate) => existsSync(join(candidate, 'src/main.js')));
  if (dist === undefined) throw new UsageError(`--compare: ${folder} contains no src/main.js`);
  return { name: 'other build', dist };
}
