import type { Bench, Scenario } from '../harness/bench.js';
import { baseline, ServerProcess } from '../harness/server-process.js';
import { World } from '../harness/world.js';
import { connectionsText, Recording } from './scenario.js';
import { BARE_FASTIFY, PROGRAMS, ROWLOCK } from './strategies.js';

const NAME = 'status';
const TITLE = 'GET /status';
export const STATUS_CONNECTIONS = 64;

export const status: Scenario = {
  name: NAME,
  title: TITLE,
  plannedSeconds: ({ rounds, seconds, warmUpSeconds }) => rounds * 2 * (seconds + warmUpSeconds),

  async run(bench: Bench) {
    const { rounds, seconds, warmUpSeconds } = bench.profile;
    const about =
      'Everybody asks for the status of one event; bare Fastify answers the same JSON from memory.';
    const recording = new Recording(bench, { name: NAME, title: TITLE, about });
    const world = await World.open(bench, [PROGRAMS.rowlock]);
    await world.heatUp(ROWLOCK);
    const eventId = await world.openEvent(ROWLOCK, 1_000);
    const path = `/status/${eventId}`;
    await startBare(bench, world, path);
    const condition = connectionsText(STATUS_CONNECTIONS);
    for (let round = 0; round < rounds; round += 1) {
      for (const strategy of [ROWLOCK, BARE_FASTIFY]) {
        const kind = { strategy, condition, unit: 'reads' };
        await recording.round(kind, seconds + warmUpSeconds, () =>
          world.closed(strategy, STATUS_CONNECTIONS, { kind: 'read', path }),
        );
      }
    }
    return recording.finish([world]);
  },
};

/** It is given the product's own answer, so that both send the same bytes. */
async function startBare(bench: Bench, world: World, path: string): Promise<void> {
  const answer = await fetch(`${world.server(ROWLOCK).baseUrl}${path}`);
  const program = baseline(BARE_FASTIFY, 'bare-fastify', { ANSWER: await answer.text() });
  world.add(await ServerProcess.start(program, world.database.url, bench.folder));
}
