import type { BenchContext, Scenario } from '../harness/scenario.js';
import { baseline, ServerProcess } from '../harness/server-process.js';
import { Testbed } from '../harness/testbed.js';
import { connectionsText, Recording } from './recording.js';
import { BARE_FASTIFY, PROGRAMS, ROWLOCK } from './strategies.js';

const NAME = 'status';
const TITLE = 'GET /status';
export const STATUS_CONNECTIONS = 64;

export const status: Scenario = {
  name: NAME,
  title: TITLE,
  plannedSeconds: ({ rounds, seconds, warmUpSeconds }) => rounds * 2 * (seconds + warmUpSeconds),

  async run(context: BenchContext) {
    const { rounds, seconds, warmUpSeconds } = context.profile;
    const about =
      'Everybody reads the status of one event. Bare Fastify returns the same JSON from memory.';
    const recording = new Recording(context, { name: NAME, title: TITLE, about });
    const testbed = await Testbed.open(context, [PROGRAMS.rowlock]);
    await testbed.warmUp(ROWLOCK);
    const eventId = await testbed.openEvent(ROWLOCK, 1_000);
    const path = `/status/${eventId}`;
    await startBareFastify(context, testbed, path);
    const condition = connectionsText(STATUS_CONNECTIONS);
    for (let round = 0; round < rounds; round += 1) {
      for (const strategy of [ROWLOCK, BARE_FASTIFY]) {
        const kind = { strategy, condition, unit: 'reads' };
        await recording.round(kind, seconds + warmUpSeconds, () =>
          testbed.closedLoop(strategy, STATUS_CONNECTIONS, { kind: 'read', paths: [path] }),
        );
      }
    }
    return recording.finish([testbed]);
  },
};

/** It returns the service's own answer, so that both send the same bytes. */
async function startBareFastify(
  context: BenchContext,
  testbed: Testbed,
  path: string,
): Promise<void> {
  const answer = await fetch(`${testbed.server(ROWLOCK).baseUrl}${path}`);
  const program = baseline(BARE_FASTIFY, 'bare-fastify', {
    environment: { ANSWER: await answer.text() },
  });
  testbed.add(await ServerProcess.start(context, program, testbed.database.url));
}
