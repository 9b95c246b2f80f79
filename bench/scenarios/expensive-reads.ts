import type { RowDataPacket } from 'mysql2/promise';
import { THIS_BUILD } from '../harness/database.js';
import { GeneratorProcess } from '../harness/generator-process.js';
import { makeKey } from '../harness/keys.js';
import { Preloader } from '../harness/preload.js';
import type { TimeSeries } from '../harness/results.js';
import { sampleEvery } from '../harness/samples.js';
import type { BenchContext, Scenario } from '../harness/scenario.js';
import { newPrefix, Testbed } from '../harness/testbed.js';
import type { ClosedPlan, Target } from '../load/plan.js';
import { CAPACITY } from './hot-event.js';
import { NEIGHBOURS, steadyBookings, steadyReads } from './neighbours.js';
import { number, Recording } from './recording.js';
import { ROWLOCK } from './strategies.js';

const NAME = 'expensive-reads';
const TITLE = 'Noisy neighbour: expensive reads';
const PARALLEL_READS = 40;
const SAMPLE_MS = 250;
/** The service's own default. */
export const POOL_SIZE =
  Number(process.env['DATABASE_POOL_SIZE'] ?? 20) +
  Number(process.env['DATABASE_READ_POOL_SIZE'] ?? 4);

export const RUNNING = 'queries running in the database';
export const BOOK = {
  usual: 'POST /book, usual',
  attacked: 'POST /book during the reads',
} as const;
export const STATUS = {
  usual: 'GET /status, usual',
  attacked: 'GET /status during the reads',
} as const;

/** What one organiser reads and another one needs. */
interface Stage {
  readonly testbed: Testbed;
  readonly target: Target;
  readonly eventIds: readonly string[];
  readonly expensivePaths: readonly string[];
}

export const expensiveReads: Scenario = {
  name: NAME,
  title: TITLE,
  plannedSeconds: ({ neighbour: { usualSeconds, readsSeconds } }) => usualSeconds + readsSeconds,

  async run(context: BenchContext) {
    const { usualSeconds, readsSeconds } = context.profile.neighbour;
    const { sections, bookingsPerSection, waiting } = context.profile.reads;
    const about =
      `${NEIGHBOURS} events of one organiser get two bookings per second each and are read 80 times per second. ` +
      `Then another organiser sends ${PARALLEL_READS} expensive reads at a time: a late page of the ` +
      `${number(sections * bookingsPerSection)} bookings of an event with ${sections} sections, the position ` +
      `of the last of ${number(waiting)} people on a waitlist, and the audits of both events.`;
    const recording = new Recording(context, { name: NAME, title: TITLE, about });
    const stage = await prepare(context);
    await measureNeighbours(stage, recording, 'usual', usualSeconds);
    const running = watchQueries(stage.testbed);
    const attack = attackFor(stage, readsSeconds);
    await measureNeighbours(stage, recording, 'attacked', readsSeconds);
    for (const [outcome, count] of Object.entries(await attack)) {
      recording.facts.push([`expensive reads: ${outcome}`, number(count)]);
    }
    const series = running.stop();
    recording.facts.push([`${RUNNING}, at most`, number(Math.max(...series.values))]);
    return recording.finish([stage.testbed], [series]);
  },
};

async function prepare(context: BenchContext): Promise<Stage> {
  const testbed = await Testbed.ofBuild(context, THIS_BUILD, ROWLOCK);
  await testbed.warmUp(ROWLOCK);
  const key = await makeKey(THIS_BUILD, testbed.database.url, 'Neighbour');
  const expensivePaths = await fillTables(context, testbed);
  const eventIds = await testbed.openEvents(ROWLOCK, NEIGHBOURS, CAPACITY, key);
  await testbed.restartAudit();
  return { testbed, expensivePaths, eventIds, target: { ...testbed.server(ROWLOCK).target, key } };
}

/** @returns the expensive paths */
async function fillTables(
  { profile, progress }: BenchContext,
  testbed: Testbed,
): Promise<string[]> {
  const { sections, bookingsPerSection, waiting } = profile.reads;
  progress.begin(`${TITLE} · writing ${number(sections * bookingsPerSection)} bookings`, 0);
  const preloader = await Preloader.for(testbed, ROWLOCK);
  const { id: large } = await testbed.server(ROWLOCK).post<{ id: string }>('/v1/events', {
    name: 'Many sections',
    sections: Array.from({ length: sections }, (_, index) => {
      return { name: `Section ${index + 1}`, capacity: bookingsPerSection };
    }),
  });
  const contents = { prefix: newPrefix(), bookings: bookingsPerSection, ticketsPerBooking: 1 };
  await preloader.fill(large, { ...contents, waiting: 0 });
  const long = await testbed.openEvent(ROWLOCK, 1);
  await preloader.fill(long, { ...contents, prefix: newPrefix(), bookings: 1, waiting });
  return [
    `/v1/bookings?eventId=${large}&limit=1&page=10000`,
    `/v1/waitlist/${await lastInLine(testbed, long)}`,
    `/v1/events/${large}/audit`,
    `/v1/events/${long}/audit`,
  ];
}

async function lastInLine({ database }: Testbed, eventId: string): Promise<string> {
  const [rows] = await database.connection.query<RowDataPacket[]>(
    'SELECT id FROM waitlist_entries WHERE event_id = ? ORDER BY seq DESC LIMIT 1',
    [eventId],
  );
  return rows[0]!['id'] as string;
}

async function measureNeighbours(
  { testbed, target, eventIds }: Stage,
  recording: Recording,
  phase: 'usual' | 'attacked',
  seconds: number,
): Promise<void> {
  const paths = eventIds.map((id) => `/status/${id}`);
  const plans = [
    [BOOK[phase], 'bookings', steadyBookings(target, eventIds, seconds)],
    [STATUS[phase], 'reads', steadyReads(target, paths, seconds)],
  ] as const;
  await Promise.all(
    plans.map(([condition, unit, plan]) =>
      recording.round({ strategy: ROWLOCK, condition, unit }, seconds, () =>
        testbed.measure(ROWLOCK, plan),
      ),
    ),
  );
}

/** From a process of its own. @returns the answers */
async function attackFor(
  { testbed, expensivePaths }: Stage,
  seconds: number,
): Promise<Readonly<Record<string, number>>> {
  const attacker = GeneratorProcess.start();
  const plan: ClosedPlan = {
    loop: 'closed',
    target: testbed.server(ROWLOCK).target,
    workload: { kind: 'read', paths: expensivePaths },
    connections: PARALLEL_READS,
    warmUpMs: 0,
    measureMs: seconds * 1000,
  };
  const { answers } = await testbed.measure(ROWLOCK, plan, attacker);
  attacker.stop();
  return answers;
}

/** Counts what the service's connections, also those it has given up, run in the database. */
function watchQueries({ database }: Testbed): { stop(): TimeSeries } {
  const samples = sampleEvery(SAMPLE_MS, async () => {
    const [rows] = await database.connection.query<RowDataPacket[]>(
      `SELECT COUNT(*) AS running FROM information_schema.processlist
        WHERE db = DATABASE() AND id <> CONNECTION_ID() AND command IN ('Query', 'Execute')`,
    );
    return Number(rows[0]!['running']);
  });
  return {
    stop: () => ({
      name: RUNNING,
      unit: 'queries',
      values: samples.stop(),
      stepSeconds: SAMPLE_MS / 1000,
    }),
  };
}
