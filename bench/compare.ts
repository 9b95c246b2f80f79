import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from './harness/bench.js';
import { type Build, THIS_BUILD } from './harness/database.js';
import { type Measurement, medianOf, p50, p99, rate, ratioOf } from './harness/results.js';
import type { ServerProcess } from './harness/server-process.js';
import { newPrefix, World } from './harness/world.js';
import { ratioText } from './reporting/bars.js';
import { scenarioText } from './reporting/terminal.js';
import { CAPACITY } from './scenarios/hot-event.js';
import { connectionsText, Recording } from './scenarios/scenario.js';
import { UsageError } from './options.js';

const SCRAPE_MS = 1_000;

/**
 * The hot event on two builds in turns, each on a database that it has migrated itself, and with all that
 * it has: keys, limits, logs, metrics.
 */
export async function compareBuilds(
  bench: Bench,
  folder: string,
  say: (text: string) => void,
): Promise<number> {
  const other = buildIn(folder);
  const about = `${THIS_BUILD.name} against ${folder}`;
  const recording = new Recording(bench, { name: 'compare', title: 'Hot event', about });
  const builds = [THIS_BUILD, other];
  const worlds: World[] = [];
  for (const build of builds) {
    worlds.push(await World.ofBuild(bench, build));
  }
  for (const [index, { name }] of builds.entries()) await worlds[index]!.heatUp(name);
  const scrapes = scrapeEverySecond(worlds[0]!.server(THIS_BUILD.name));
  const { profile } = bench;
  for (const connections of profile.connections) {
    for (let round = 0; round < profile.rounds; round += 1) {
      for (const [index, { name }] of builds.entries()) {
        await bookAt(bench, recording, worlds[index]!, { name, connections });
      }
    }
  }
  clearInterval(scrapes);
  const result = await recording.finish(worlds);
  bench.progress.end();
  say(scenarioText(result));
  if (result.violations.length > 0) return 1;
  for (const connections of profile.connections) {
    const of = (build: Build): Measurement =>
      result.measurements.find(({ strategy, condition }) => {
        return strategy === build.name && condition === connectionsText(connections);
      })!;
    say(comparison(of(THIS_BUILD), of(other)));
  }
  return 0;
}

/** Far more often than any Prometheus does. A metric that cannot be read ends the run. */
const scrapeEverySecond = (server: ServerProcess): NodeJS.Timeout =>
  setInterval(() => void server.scrape(), SCRAPE_MS);

async function bookAt(
  { profile }: Bench,
  recording: Recording,
  world: World,
  { name, connections }: { name: string; connections: number },
): Promise<void> {
  const eventIds = [await world.openEvent(name, CAPACITY)];
  const workload = { kind: 'book', eventIds, prefix: newPrefix() } as const;
  const kind = { strategy: name, condition: connectionsText(connections), unit: 'bookings' };
  await recording.round(kind, profile.seconds + profile.warmUpSeconds, () =>
    world.closed(name, connections, workload),
  );
}

function comparison(ours: Measurement, theirs: Measurement): string {
  const ratio = (pick: Parameters<typeof ratioOf>[2]): string =>
    ratioText(ratioOf(ours, theirs, pick));
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
  if (dist === undefined) throw new UsageError(`--compare: there is no src/main.js in ${folder}`);
  return { name: 'other build', dist };
}
