import type { BenchContext, Scenario } from '../harness/scenario.js';
import { lastAnswer, type Measurement, type Round, type TimeSeries } from '../harness/results.js';
import { newPrefix, Testbed } from '../harness/testbed.js';
import { CAPACITY } from './hot-event.js';
import { number, Recording } from './recording.js';
import { CEILING, PROGRAMS, ROWLOCK } from './strategies.js';

const NAME = 'first-second';
const TITLE = 'First second';
const PLACES = 200;
/** For the progress bar: connecting, and the answers. */
const SECONDS_PER_THOUSAND = 0.3;
/** The ceiling has no waitlist: it books everybody. */
const STRATEGIES = [
  [ROWLOCK, PLACES],
  [CEILING, CAPACITY],
] as const;

export const peopleText = (count: number): string => `${number(count)} people`;

export const firstSecond: Scenario = {
  name: NAME,
  title: TITLE,
  plannedSeconds: ({ crowds, rounds }) =>
    crowds.reduce((sum, people) => sum + (people / 1000) * SECONDS_PER_THOUSAND, 0) * 2 * rounds,

  async run(context: BenchContext) {
    const about =
      `N people, one connection each, ask at the same moment for one of ${PLACES} places. Refused requests ` +
      'are repeated after Retry-After. Latency runs from that moment to the final answer: a booking, or a place on ' +
      'the waitlist. The ceiling books everybody.';
    const recording = new Recording(context, { name: NAME, title: TITLE, about });
    const testbed = await Testbed.open(context, [PROGRAMS.rowlock, PROGRAMS.ceiling]);
    await testbed.warmUp(ROWLOCK);
    const rounds = Array.from({ length: context.profile.rounds });
    for (const people of crowdsThatFit(context, recording).flatMap((one) =>
      rounds.map(() => one),
    )) {
      for (const [strategy, capacity] of STRATEGIES) {
        // A crowd can be more than a service survives, which is a broken promise.
        if (!testbed.server(ROWLOCK).isRunning) return recording.finish([testbed]);
        await measure(testbed, recording, { strategy, capacity, people });
      }
    }
    recording.facts.push(...recording.measurements.all.map(factOf));
    return recording.finish([testbed], recording.measurements.all.map(answersOverTime));
  },
};

/** A crowd that needs more connections than a process may have is replaced by the largest possible one. */
function crowdsThatFit({ profile, connectionLimit }: BenchContext, recording: Recording): number[] {
  const largest = Math.floor(connectionLimit / 1000) * 1000;
  const crowds = profile.crowds.map((people) => Math.min(people, largest));
  for (const people of profile.crowds) {
    if (people <= largest) continue;
    const remedy = `ulimit -Hn ${people + 1_000}, or run the benchmark as a user who may raise it`;
    const text = `not possible: the limit on open files allows ${peopleText(largest)} (${remedy})`;
    process.stderr.write(`${TITLE}: ${peopleText(people)} ${text}\n`);
    recording.facts.push([peopleText(people), text]);
  }
  return [...new Set(crowds)];
}

async function measure(
  testbed: Testbed,
  recording: Recording,
  { strategy, capacity, people }: { strategy: string; capacity: number; people: number },
): Promise<void> {
  const condition = peopleText(people);
  const eventIds = [await testbed.openEvent(ROWLOCK, capacity)];
  const workload = { kind: 'book', eventIds, prefix: newPrefix() } as const;
  const { target } = testbed.server(strategy);
  const seconds = (people / 1000) * SECONDS_PER_THOUSAND;
  const { answers } = await recording.round({ strategy, condition, unit: 'people' }, seconds, () =>
    testbed.measure(strategy, { loop: 'crowd', target, workload, people }),
  );
  const { booked = 0 } = answers;
  if (strategy === ROWLOCK && booked !== Math.min(PLACES, people)) {
    recording.violations.push(`${condition}: ${booked} of ${PLACES} places were booked`);
  }
}

function factOf({ strategy, condition, rounds }: Measurement): [string, string] {
  const seconds = rounds.map((round) => (lastAnswer(round) / 1000).toFixed(2));
  const refused = rounds.map((round) => number(refusals(round)));
  return [
    `${condition}, ${strategy}`,
    `last answer after ${seconds.join(', ')} s; refusals on the way: ${refused.join(', ')}`,
  ];
}

const refusals = ({ answers }: Round): number =>
  Object.entries(answers).reduce((sum, [outcome, count]) => {
    return outcome.startsWith('HTTP ') ? sum + count : sum;
  }, 0);

/** People who have their final answer, in the round with the median time. */
function answersOverTime({ strategy, condition, rounds }: Measurement): TimeSeries {
  const byTime = rounds.toSorted((a, b) => lastAnswer(a) - lastAnswer(b));
  const typical = byTime[rounds.length >> 1]!;
  let answered = 0;
  return {
    name: `${strategy}, ${condition}`,
    unit: 'people',
    values: [0, ...typical.perStep.map((count) => (answered += count))],
    stepSeconds: typical.stepSeconds,
  };
}
