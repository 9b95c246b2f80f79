import type { BenchContext, Scenario } from '../harness/scenario.js';
import { Preloader } from '../harness/preload.js';
import type { Profile } from '../harness/profile.js';
import { newPrefix, Testbed } from '../harness/testbed.js';
import type { TicketHolders } from '../load/plan.js';
import { number, Recording } from './recording.js';
import { ONE_TRANSACTION, PROGRAMS, ROWLOCK } from './strategies.js';

const NAME = 'cancel';
const TITLE = 'Cancel and promote';
const CONNECTIONS = 128;

/** More than a strategy can cancel: a run that uses up its ticket holders ends early. */
const CANCELS_PER_SECOND_MAX: Readonly<Record<string, number>> = {
  [ROWLOCK]: 6_000,
  [ONE_TRANSACTION]: 1_000,
};

const STRATEGIES = [ROWLOCK, ONE_TRANSACTION];

export const waitingText = (count: number): string => `${number(count)} waiting`;

/** An event with a waitlist, and the ticket holders who will cancel. */
interface PreparedEvent {
  readonly eventId: string;
  readonly holders: TicketHolders;
  readonly perRound: number;
}

export const cancelPromote: Scenario = {
  name: NAME,
  title: TITLE,
  plannedSeconds: ({ rounds, waitlistLengths, seconds, warmUpSeconds }) =>
    rounds * waitlistLengths.length * STRATEGIES.length * (seconds + warmUpSeconds),

  async run(context: BenchContext) {
    const { rounds, waitlistLengths, seconds, warmUpSeconds } = context.profile;
    const about =
      'A sold-out event with a waitlist. A ticket holder joins its end, then cancels, which promotes ' +
      'its head, so the waitlist keeps its length. The rate counts cancels, not joins.';
    const recording = new Recording(context, { name: NAME, title: TITLE, about });
    const testbed = await Testbed.open(context, [PROGRAMS.rowlock, PROGRAMS.oneTransaction]);
    await testbed.warmUp(ROWLOCK);
    const prepared = await prepareEvents(context, testbed);
    await testbed.restartAudit();
    await warmUpCancels(context, testbed, prepared);
    for (let round = 0; round < rounds; round += 1) {
      for (const waiting of waitlistLengths) {
        for (const strategy of STRATEGIES) {
          const { eventId, holders, perRound } = prepared.get(`${strategy}/${waiting}`)!;
          const holdersOfRound = { ...holders, first: 1 + round * perRound, count: perRound };
          const workload = { kind: 'join-cancel', eventId, holders: holdersOfRound } as const;
          const kind = { strategy, condition: waitingText(waiting), unit: 'cancels' };
          await recording.round(kind, seconds + warmUpSeconds, () =>
            testbed.closedLoop(strategy, CONNECTIONS, workload),
          );
        }
      }
    }
    return recording.finish([testbed]);
  },
};

/** Otherwise the first measurement would include the compilation of the cancel path. */
async function warmUpCancels(
  context: BenchContext,
  testbed: Testbed,
  prepared: ReadonlyMap<string, PreparedEvent>,
): Promise<void> {
  for (const strategy of STRATEGIES) {
    context.progress.begin(`${TITLE} · warming up ${strategy}`, 0);
    const { eventId, holders, perRound } = prepared.get(
      `${strategy}/${context.profile.waitlistLengths[0]}`,
    )!;
    const spare = { ...holders, first: 1 + context.profile.rounds * perRound, count: perRound };
    await testbed.closedLoop(strategy, CONNECTIONS, {
      kind: 'join-cancel',
      eventId,
      holders: spare,
    });
  }
}

async function prepareEvents(
  context: BenchContext,
  testbed: Testbed,
): Promise<Map<string, PreparedEvent>> {
  const preloader = await Preloader.for(testbed, ROWLOCK);
  const events = new Map<string, PreparedEvent>();
  for (const waiting of context.profile.waitlistLengths) {
    for (const strategy of STRATEGIES) {
      context.progress.begin(`${TITLE} · preparing ${waitingText(waiting)} · ${strategy}`, 0);
      const perRound = holdersPerRound(context.profile, strategy);
      const holders = {
        prefix: newPrefix(),
        first: 1,
        count: perRound * (context.profile.rounds + 1),
      };
      const eventId = await testbed.openEvent(ROWLOCK, holders.count);
      const { prefix, count: bookings } = holders;
      await preloader.fill(eventId, { prefix, bookings, ticketsPerBooking: 1, waiting });
      events.set(`${strategy}/${waiting}`, { eventId, holders, perRound });
    }
  }
  return events;
}

const holdersPerRound = ({ seconds, warmUpSeconds }: Profile, strategy: string): number =>
  Math.ceil((seconds + warmUpSeconds) * CANCELS_PER_SECOND_MAX[strategy]!);
