import type { Bench, Scenario } from '../harness/bench.js';
import { Preloader } from '../harness/preload.js';
import type { Profile } from '../harness/profile.js';
import { newPrefix, World } from '../harness/world.js';
import type { Holders } from '../load/plan.js';
import { number, Recording } from './scenario.js';
import { ONE_TRANSACTION, PROGRAMS, ROWLOCK } from './strategies.js';

const NAME = 'cancel';
const TITLE = 'Cancel and promote';
const CONNECTIONS = 128;

/** More than can be cancelled in a second: a run ends when nobody is left to cancel. */
const CANCELS_PER_SECOND_MAX: Readonly<Record<string, number>> = {
  [ROWLOCK]: 6_000,
  [ONE_TRANSACTION]: 1_000,
};

const STRATEGIES = [ROWLOCK, ONE_TRANSACTION];

export const waitingText = (count: number): string => `${number(count)} waiting`;

/** An event with a line, and the people who will cancel there. */
interface Line {
  readonly eventId: string;
  readonly holders: Holders;
  readonly perRound: number;
}

export const cancelPromote: Scenario = {
  name: NAME,
  title: TITLE,
  plannedSeconds: ({ rounds, lines, seconds, warmUpSeconds }) =>
    rounds * lines.length * STRATEGIES.length * (seconds + warmUpSeconds),

  async run(bench: Bench) {
    const { rounds, lines, seconds, warmUpSeconds } = bench.profile;
    const about =
      'A sold-out event with a line. Somebody who has a ticket joins the end, then cancels, which ' +
      'promotes the head: the line stays as long as it was. Cancels are counted, joins are not.';
    const recording = new Recording(bench, { name: NAME, title: TITLE, about });
    const world = await World.open(bench, [PROGRAMS.rowlock, PROGRAMS.oneTransaction]);
    await world.heatUp(ROWLOCK);
    const prepared = await prepareLines(bench, world);
    await world.preloaded();
    await cancelCalmly(bench, world, prepared);
    for (let round = 0; round < rounds; round += 1) {
      for (const waiting of lines) {
        for (const strategy of STRATEGIES) {
          const { eventId, holders, perRound } = prepared.get(`${strategy}/${waiting}`)!;
          const some = { ...holders, first: 1 + round * perRound, count: perRound };
          const workload = { kind: 'join-cancel', eventId, holders: some } as const;
          const kind = { strategy, condition: waitingText(waiting), unit: 'cancels' };
          await recording.round(kind, seconds + warmUpSeconds, () =>
            world.closed(strategy, CONNECTIONS, workload),
          );
        }
      }
    }
    return recording.finish([world]);
  },
};

/** What is measured first must not be what is compiled first. */
async function cancelCalmly(
  bench: Bench,
  world: World,
  prepared: ReadonlyMap<string, Line>,
): Promise<void> {
  for (const strategy of STRATEGIES) {
    bench.progress.begin(`${TITLE} · warming up ${strategy}`, 0);
    const { eventId, holders, perRound } = prepared.get(`${strategy}/${bench.profile.lines[0]}`)!;
    const spare = { ...holders, first: 1 + bench.profile.rounds * perRound, count: perRound };
    await world.closed(strategy, CONNECTIONS, { kind: 'join-cancel', eventId, holders: spare });
  }
}

async function prepareLines(bench: Bench, world: World): Promise<Map<string, Line>> {
  const preloader = await Preloader.for(world, ROWLOCK);
  const lines = new Map<string, Line>();
  for (const waiting of bench.profile.lines) {
    for (const strategy of STRATEGIES) {
      bench.progress.begin(`${TITLE} · preparing ${waitingText(waiting)} · ${strategy}`, 0);
      const perRound = holdersPerRound(bench.profile, strategy);
      const holders = {
        prefix: newPrefix(),
        first: 1,
        count: perRound * (bench.profile.rounds + 1),
      };
      const eventId = await world.openEvent(ROWLOCK, holders.count);
      const { prefix, count: bookings } = holders;
      await preloader.fill(eventId, { prefix, bookings, ticketsPerBooking: 1, waiting });
      lines.set(`${strategy}/${waiting}`, { eventId, holders, perRound });
    }
  }
  return lines;
}

const holdersPerRound = ({ seconds, warmUpSeconds }: Profile, strategy: string): number =>
  Math.ceil((seconds + warmUpSeconds) * CANCELS_PER_SECOND_MAX[strategy]!);
