import { GeneratorProcess } from '../harness/generator-process.js';
import type { BenchContext, Scenario } from '../harness/scenario.js';
import type { ServerProcess } from '../harness/server-process.js';
import { Testbed } from '../harness/testbed.js';
import { steadyReads } from './neighbours.js';
import { number, Recording } from './recording.js';
import { PROGRAMS, ROWLOCK } from './strategies.js';

const NAME = 'unread';
const TITLE = 'Noisy neighbour: clients that do not read';
const SEATS = { rows: 100, perRow: 100 };
/** Seats in one page: the most that any version allows, then the most that every version allows. */
const PAGE_SIZES = [10_000, 1_000];
const PROBES_PER_SECOND = 10;

interface Attack {
  readonly connections: number;
  readonly requestsPerConnection: number;
}

const ATTACKS: readonly Attack[] = [
  { connections: 10, requestsPerConnection: 100 },
  { connections: 900, requestsPerConnection: 1 },
];

const conditionOf = ({ connections, requestsPerConnection }: Attack): string =>
  requestsPerConnection === 1
    ? `${connections} unread answers`
    : `${connections} × ${requestsPerConnection} unread answers`;

export const UNREAD_CONDITIONS = ATTACKS.map(conditionOf);

export const unread: Scenario = {
  name: NAME,
  title: TITLE,
  plannedSeconds: ({ neighbour }) => ATTACKS.length * neighbour.unreadSeconds,

  async run(context: BenchContext) {
    const about =
      `Clients ask for the ${number(SEATS.rows * SEATS.perRow)} seats of an event and read nothing: 10 connections ` +
      'send 100 requests each at once; then 900 connections send one each. Meanwhile, GET /health/live is sent ' +
      `${PROBES_PER_SECOND} times per second.`;
    const recording = new Recording(context, { name: NAME, title: TITLE, about });
    const testbeds: Testbed[] = [];
    for (const attack of ATTACKS) {
      const testbed = await Testbed.open(context, [PROGRAMS.rowlock]);
      testbeds.push(testbed);
      await measure(context, testbed, recording, attack);
    }
    return recording.finish(testbeds);
  },
};

async function measure(
  { profile }: BenchContext,
  testbed: Testbed,
  recording: Recording,
  attack: Attack,
): Promise<void> {
  const seconds = profile.neighbour.unreadSeconds;
  const server = testbed.server(ROWLOCK);
  const path = await largestPage(server);
  const attacker = GeneratorProcess.start();
  const condition = conditionOf(attack);
  const attacking = attacker.run({
    loop: 'unread',
    target: server.target,
    path,
    ...attack,
    seconds,
  });
  await recording.round({ strategy: ROWLOCK, condition, unit: 'health checks' }, seconds, () =>
    testbed.measure(
      ROWLOCK,
      steadyReads(server.target, ['/health/live'], seconds, PROBES_PER_SECOND),
    ),
  );
  if (!server.isRunning) recording.violations.push(`${condition}: the service exited`);
  const { answers } = await attacking;
  attacker.stop();
  for (const [outcome, count] of Object.entries(answers)) {
    recording.facts.push([`${condition}: connections ${outcome}`, number(count)]);
  }
}

/** @returns the path of the largest page of seats that this build allows */
async function largestPage(server: ServerProcess): Promise<string> {
  const rows = Array.from({ length: SEATS.rows }, (_, index) => `R${index + 1}`);
  const { id } = await server.post<{ id: string }>('/v1/events', {
    name: 'Seated',
    sections: [{ name: 'Stalls', seats: { rows, perRow: SEATS.perRow } }],
  });
  for (const limit of PAGE_SIZES) {
    const path = `/v1/events/${id}/seats?limit=${limit}`;
    const answer = await fetch(`${server.baseUrl}${path}`);
    await answer.text();
    if (answer.ok) return path;
  }
  throw new Error(`no page of seats of ${PAGE_SIZES.join(' or ')} is allowed`);
}
