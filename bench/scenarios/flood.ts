import type { Bench, Scenario } from '../harness/bench.js';
import type { Round, ScenarioResult, TimeSeries } from '../harness/results.js';
import type { ServerProcess } from '../harness/server-process.js';
import { newPrefix, World } from '../harness/world.js';
import { CAPACITY } from './hot-event.js';
import { connectionsText, number, Recording } from './scenario.js';
import { PROGRAMS, ROWLOCK } from './strategies.js';

const NAME = 'flood';
const TITLE = 'Flood';
const CALM_CONNECTIONS = 128;
const CALM_ROUNDS = 3;
const SAMPLE_MS = 250;

export const BEFORE = `before, ${CALM_CONNECTIONS} connections`;
export const AFTER = `after, ${CALM_CONNECTIONS} connections`;

export const flood: Scenario = {
  name: NAME,
  title: TITLE,
  plannedSeconds: ({ flood: { seconds }, seconds: calm, warmUpSeconds }) =>
    seconds + 2 * CALM_ROUNDS * (calm + warmUpSeconds),

  async run(bench: Bench) {
    const { connections, seconds } = bench.profile.flood;
    const about =
      `${number(connections)} open connections, all booking at one event. Who is refused with 503 ` +
      'comes back after Retry-After. Then the service must be as fast as it was before.';
    const recording = new Recording(bench, { name: NAME, title: TITLE, about });
    const world = await World.open(bench, [PROGRAMS.rowlock]);
    await world.heatUp(ROWLOCK);
    const eventId = await world.openEvent(ROWLOCK, CAPACITY);
    await bookCalmly(bench, world, recording, { condition: BEFORE, eventId });
    const memory = watchMemory(world.server(ROWLOCK));
    const kind = { strategy: ROWLOCK, condition: connectionsText(connections), unit: 'bookings' };
    const round = await recording.round(kind, seconds, () =>
      world.measure(ROWLOCK, {
        loop: 'closed',
        target: world.server(ROWLOCK).target,
        workload: { kind: 'book', eventIds: [eventId], prefix: newPrefix() },
        connections,
        warmUpMs: 0,
        measureMs: seconds * 1000,
      }),
    );
    const rss = memory.stop();
    await bookCalmly(bench, world, recording, { condition: AFTER, eventId });
    recording.facts.push(...tell(round, rss));
    return recording.finish([world], [rss]);
  },
};

/** Several times: before and after cannot be measured in turns. */
async function bookCalmly(
  bench: Bench,
  world: World,
  recording: Recording,
  { condition, eventId }: { condition: string; eventId: string },
): Promise<void> {
  const { seconds, warmUpSeconds } = bench.profile;
  const kind = { strategy: ROWLOCK, condition, unit: 'bookings' };
  for (let round = 0; round < CALM_ROUNDS; round += 1) {
    const workload = { kind: 'book', eventIds: [eventId], prefix: newPrefix() } as const;
    await recording.round(kind, seconds + warmUpSeconds, () =>
      world.closed(ROWLOCK, CALM_CONNECTIONS, workload),
    );
  }
}

function watchMemory(server: ServerProcess): { stop: () => TimeSeries } {
  const values: number[] = [server.rssMb];
  const timer = setInterval(() => {
    if (server.isRunning) values.push(server.rssMb);
  }, SAMPLE_MS);
  return {
    stop: () => {
      clearInterval(timer);
      return { name: 'memory (RSS)', unit: 'MB', values, stepSeconds: SAMPLE_MS / 1000 };
    },
  };
}

/** What came back, and the most memory that the service took. */
function tell(round: Round, memory: TimeSeries): ScenarioResult['facts'] {
  const answers = Object.entries(round.answers).map(
    ([outcome, count]) => [`answers: ${outcome}`, number(count)] as const,
  );
  return [...answers, ['memory of the service at most (MB)', number(Math.max(...memory.values))]];
}
