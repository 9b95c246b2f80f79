import type { BenchContext, Scenario } from '../harness/scenario.js';
import type { Round, ScenarioResult, TimeSeries } from '../harness/results.js';
import { sampleEvery } from '../harness/samples.js';
import { newPrefix, Testbed } from '../harness/testbed.js';
import { CAPACITY } from './hot-event.js';
import { connectionsText, number, Recording } from './recording.js';
import { PROGRAMS, ROWLOCK } from './strategies.js';

const NAME = 'flood';
const TITLE = 'Flood';
const NORMAL_CONNECTIONS = 128;
const NORMAL_ROUNDS = 3;
const SAMPLE_MS = 250;

export const BEFORE = `before, ${NORMAL_CONNECTIONS} connections`;
export const AFTER = `after, ${NORMAL_CONNECTIONS} connections`;

export const flood: Scenario = {
  name: NAME,
  title: TITLE,
  plannedSeconds: ({ flood: { seconds }, seconds: normalSeconds, warmUpSeconds }) =>
    seconds + 2 * NORMAL_ROUNDS * (normalSeconds + warmUpSeconds),

  async run(context: BenchContext) {
    const { connections, seconds } = context.profile.flood;
    const about =
      `${number(connections)} open connections, all booking at one event. Clients that get a 503 ` +
      'retry after Retry-After. Afterwards the service must be as fast as before.';
    const recording = new Recording(context, { name: NAME, title: TITLE, about });
    const testbed = await Testbed.open(context, [PROGRAMS.rowlock]);
    await testbed.warmUp(ROWLOCK);
    const eventId = await testbed.openEvent(ROWLOCK, CAPACITY);
    await bookAtNormalLoad(context, testbed, recording, { condition: BEFORE, eventId });
    const server = testbed.server(ROWLOCK);
    const memory = sampleEvery(SAMPLE_MS, () => server.rssMb);
    const kind = { strategy: ROWLOCK, condition: connectionsText(connections), unit: 'bookings' };
    const round = await recording.round(kind, seconds, () =>
      testbed.measure(ROWLOCK, {
        loop: 'closed',
        target: server.target,
        workload: { kind: 'book', eventIds: [eventId], prefix: newPrefix() },
        connections,
        warmUpMs: 0,
        measureMs: seconds * 1000,
      }),
    );
    const rss = memoryOverTime(memory.stop());
    await bookAtNormalLoad(context, testbed, recording, { condition: AFTER, eventId });
    recording.facts.push(...factsOf(round, rss));
    return recording.finish([testbed], [rss]);
  },
};

/** Several rounds, because before and after cannot be measured in turns. */
async function bookAtNormalLoad(
  context: BenchContext,
  testbed: Testbed,
  recording: Recording,
  { condition, eventId }: { condition: string; eventId: string },
): Promise<void> {
  const { seconds, warmUpSeconds } = context.profile;
  const kind = { strategy: ROWLOCK, condition, unit: 'bookings' };
  for (let round = 0; round < NORMAL_ROUNDS; round += 1) {
    const workload = { kind: 'book', eventIds: [eventId], prefix: newPrefix() } as const;
    await recording.round(kind, seconds + warmUpSeconds, () =>
      testbed.closedLoop(ROWLOCK, NORMAL_CONNECTIONS, workload),
    );
  }
}

const memoryOverTime = (values: readonly number[]): TimeSeries => ({
  name: 'memory (RSS)',
  unit: 'MB',
  values,
  stepSeconds: SAMPLE_MS / 1000,
});

/** The answers, and the peak memory of the service. */
function factsOf(round: Round, memory: TimeSeries): ScenarioResult['facts'] {
  const answers = Object.entries(round.answers).map(
    ([outcome, count]) => [`answers: ${outcome}`, number(count)] as const,
  );
  return [...answers, ['peak memory of the service (MB)', number(Math.max(...memory.values))]];
}
