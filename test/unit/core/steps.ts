import fc from 'fast-check';
import type { OnSoldOut } from '../../../src/allocation/core/commands.js';
import { EXPIRY_LIMIT, type ExpiryLimit } from '../../../src/allocation/core/loading/overdue.js';
import type {
  Fit,
  SectionRules,
  WaitlistMode,
} from '../../../src/allocation/core/state/section-rules.js';

/** Something of a section, chosen before it exists: the `nth`, counted round. */
export interface Pick {
  /** `likely`: what a client would name. */
  readonly among: 'likely' | 'all' | 'unknown';
  readonly nth: number;
}

/** A person, likewise: anyone, or one who then has tickets or waits. */
export interface Who {
  readonly is: 'anyone' | 'holder' | 'waiter';
  readonly nth: number;
}

/** A future command. What it names is resolved when its batch starts. */
export type Step = { readonly section: number } & (
  | {
      readonly kind: 'book';
      readonly who: Who;
      readonly quantity: number;
      readonly seats: readonly Pick[];
      readonly onSoldOut: OnSoldOut;
    }
  | {
      readonly kind: 'hold';
      readonly who: Who;
      readonly quantity: number;
      readonly seats: readonly Pick[];
      readonly ttlSeconds: number;
    }
  | { readonly kind: 'cancelNewest'; readonly who: Who; readonly quantity: number }
  | { readonly kind: 'cancelTickets'; readonly who: Who; readonly tickets: readonly Pick[] }
  | {
      readonly kind: 'cancelOwnBooking';
      readonly who: Who;
      readonly booking: Pick;
      readonly quantity: number | undefined;
    }
  | {
      readonly kind: 'cancelBooking';
      readonly booking: Pick;
      readonly quantity: number | undefined;
      readonly tickets: readonly Pick[];
    }
  | { readonly kind: 'releaseSeat'; readonly who: Who; readonly seat: Pick }
  | { readonly kind: 'confirm' | 'release'; readonly hold: Pick }
  | { readonly kind: 'leave' | 'accept' | 'decline'; readonly entry: Pick }
  | { readonly kind: 'resize'; readonly capacity: number }
  | { readonly kind: 'configure'; readonly rules: Partial<SectionRules> }
  | { readonly kind: 'sweep' | 'open' | 'close' | 'voidRemaining' }
);

export interface SectionPlan {
  readonly capacity: number;
  readonly isSeated: boolean;
  readonly isClosed: boolean;
  readonly rules: SectionRules;
}

export interface Batch {
  /** Since the previous batch. */
  readonly seconds: number;
  readonly steps: readonly Step[];
}

export interface Story {
  readonly sections: readonly SectionPlan[];
  /** Seats loaded beyond those needed. */
  readonly seatsToChooseFrom: number;
  /** Overdue holds that a batch ends. */
  readonly expiry: ExpiryLimit;
  readonly batches: readonly Batch[];
}

export const STEPS_MAX = 40;
export const PEOPLE = ['Ann', 'Bob', 'Cyd', 'Dee', 'Eve', 'Fay', 'Gus', 'Hal'];

const oneOf = <T>(...weighted: [weight: number, value: T][]): fc.Arbitrary<T> => {
  const all = weighted.flatMap(([weight, value]) => Array.from({ length: weight }, () => value));
  return fc.nat({ max: all.length - 1 }).map((index) => all[index]!);
};

const nth = fc.nat({ max: PEOPLE.length - 1 });
const section = oneOf([4, 0], [1, 1]);
const anyone: fc.Arbitrary<Who> = nth.map((n) => ({ is: 'anyone', nth: n }));
const canceller = fc
  .tuple(oneOf<Who['is']>([1, 'anyone'], [5, 'holder'], [2, 'waiter']), nth)
  .map(([is, n]): Who => ({ is, nth: n }));
const few = oneOf([6, 1], [3, 2], [2, 3], [1, 4]);
const seconds = oneOf([12, 0], [2, 5], [2, 10], [2, 40]);
const ttlSeconds = oneOf([2, 10], [2, 20], [1, 5], [2, 40]);

const pick = fc
  .tuple(oneOf<Pick['among']>([15, 'likely'], [4, 'all'], [1, 'unknown']), nth)
  .map(([among, n]): Pick => ({ among, nth: n }));
const picks = fc.array(pick, { minLength: 1, maxLength: 3 });
const seats = fc.oneof(
  { weight: 4, arbitrary: fc.constant<readonly Pick[]>([]) },
  { weight: 1, arbitrary: picks },
);
const quantity = fc.option(few, { nil: undefined });

const onSoldOut = oneOf<OnSoldOut>([8, 'wait'], [1, 'refuse']);

const fit = oneOf<Fit>([1, 'strict'], [1, 'skip']);
const mode = oneOf<WaitlistMode>([1, 'auto'], [1, 'offer']);
const limit = oneOf<number | null>([2, null], [1, 1], [1, 2], [1, 3], [1, 5]);

const rules: fc.Arbitrary<SectionRules> = fc.record({
  maxPerBooking: oneOf<number | null>([9, null], [1, 2], [1, 3]),
  maxPerPerson: oneOf<number | null>([5, null], [1, 2], [1, 3], [1, 5]),
  waitlistEnabled: oneOf([8, true], [1, false]),
  waitlistMax: oneOf<number | null>([6, null], [1, 1], [1, 2], [1, 4]),
  fit,
  mode,
  offerTtlSeconds: oneOf([1, 5], [2, 10], [2, 40]),
});

const someRules: fc.Arbitrary<Partial<SectionRules>> = fc.oneof(
  fit.map((value) => ({ fit: value })),
  mode.map((value) => ({ mode: value })),
  limit.map((value) => ({ maxPerBooking: value })),
  limit.map((value) => ({ maxPerPerson: value })),
  limit.map((value) => ({ waitlistMax: value })),
  fc.boolean().map((value) => ({ waitlistEnabled: value })),
  fc.record({ fit, mode }),
);

const OPENING = [
  { kind: 'open' },
  { kind: 'open' },
  { kind: 'close' },
  { kind: 'voidRemaining' },
  { kind: 'voidRemaining' },
] as const;

const kind = <Kind extends Step['kind']>(name: Kind): fc.Arbitrary<Kind> => fc.constant(name);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({
      kind: kind('book'),
      section,
      who: anyone,
      quantity: few,
      seats,
      onSoldOut,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: kind('hold'),
      section,
      who: anyone,
      quantity: few,
      seats,
      ttlSeconds,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ kind: kind('cancelNewest'), section, who: canceller, quantity: few }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: kind('cancelTickets'), section, who: canceller, tickets: picks }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: kind('cancelOwnBooking'),
      section,
      who: canceller,
      booking: pick,
      quantity,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: kind('cancelBooking'),
      section,
      booking: pick,
      quantity,
      tickets: seats,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: kind('releaseSeat'), section, who: canceller, seat: pick }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: oneOf<'confirm' | 'release'>([3, 'confirm'], [2, 'release']),
      section,
      hold: pick,
    }),
  },
  {
    weight: 11,
    arbitrary: fc.record({
      kind: oneOf<'leave' | 'accept' | 'decline'>([2, 'leave'], [3, 'accept'], [2, 'decline']),
      section,
      entry: pick,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: kind('resize'),
      section,
      capacity: oneOf([1, 1], [3, 2], [3, 3], [2, 4], [2, 6]),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: kind('configure'), section, rules: someRules }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('sweep'), section }) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(section, fc.nat({ max: OPENING.length - 1 }))
      .map(([of, n]): Step => ({ section: of, ...OPENING[n]! })),
  },
);

const plan = (max: number): fc.Arbitrary<SectionPlan> =>
  fc.record({
    capacity: oneOf([1, 1], [5, 2], [5, 3], [5, 4], [3, max]),
    isSeated: oneOf([2, false], [1, true]),
    isClosed: oneOf([19, false], [1, true]),
    rules,
  });

interface Moment {
  readonly step: Step;
  /** How often it is repeated, if it is a hold: several then expire together. */
  readonly times: number;
  readonly startsBatch: boolean;
  readonly after: number;
}

const moment: fc.Arbitrary<Moment> = fc.record({
  step,
  times: oneOf([2, 1], [1, 3]),
  startsBatch: oneOf([2, true], [3, false]),
  after: seconds,
});

/** Steps, cut at random into batches of one transaction each. `voidRemaining` is a batch of its own. */
export const story: fc.Arbitrary<Story> = fc
  .record({
    sections: fc.tuple(plan(6), plan(4)),
    seatsToChooseFrom: oneOf([3, 1000], [1, 0], [1, 2]),
    expiry: fc.record({
      holds: oneOf([2, EXPIRY_LIMIT.holds], [2, 1], [1, 2]),
      places: oneOf([2, EXPIRY_LIMIT.places], [1, 1], [1, 2]),
    }),
    moments: fc.array(moment, { minLength: 1, maxLength: STEPS_MAX, size: 'max' }),
  })
  .map(({ moments, ...told }) => {
    const batches: { seconds: number; steps: Step[] }[] = [];
    let isAlone = false;
    for (const { step: next, times, startsBatch, after } of moments) {
      const isVoidRemaining = next.kind === 'voidRemaining';
      if (startsBatch || isVoidRemaining || isAlone || batches.length === 0) {
        batches.push({ seconds: after, steps: [] });
      }
      isAlone = isVoidRemaining;
      const steps = Array.from({ length: next.kind === 'hold' ? times : 1 }, () => next);
      batches.at(-1)!.steps.push(...steps);
    }
    return { ...told, batches };
  });
