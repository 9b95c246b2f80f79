import fc from 'fast-check';
import type { OnSoldOut } from '../../../src/bookings/core/commands.js';

/** A ticket or booking, named before anyone knows which there will be: `nth` counts round. */
export interface Pick {
  readonly among: 'own' | 'all' | 'unknown';
  readonly nth: number;
}

/** A person, likewise: anyone, or one of those who then hold tickets or wait. */
export interface Who {
  readonly is: 'anyone' | 'holder' | 'waiter';
  readonly nth: number;
}

/** A command to come. What it names is found out when its batch begins, as a client would. */
export type Step = { readonly section: number; readonly who: Who } & (
  | { readonly kind: 'book'; readonly quantity: number; readonly onSoldOut: OnSoldOut }
  | { readonly kind: 'cancelNewest'; readonly quantity: number }
  | { readonly kind: 'cancelTickets'; readonly tickets: readonly Pick[] }
  | {
      readonly kind: 'cancelBooking';
      readonly booking: Pick;
      readonly quantity: number | undefined;
    }
);

export interface Story {
  readonly capacities: readonly number[];
  readonly batches: readonly (readonly Step[])[];
}

const STEPS_MAX = 60;
export const PEOPLE = ['Ann', 'Bob', 'Cyd', 'Dee', 'Eve', 'Fay', 'Gus', 'Hal', 'Ida', 'Joe'];

const section = fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.constant(1));
const nth = fc.nat({ max: PEOPLE.length - 1 });
const anyone: fc.Arbitrary<Who> = fc.record({ is: fc.constant('anyone' as const), nth });
const holder: fc.Arbitrary<Who> = fc.record({ is: fc.constant('holder' as const), nth });
const waiter: fc.Arbitrary<Who> = fc.record({ is: fc.constant('waiter' as const), nth });
const canceller = fc.oneof(
  anyone,
  { weight: 5, arbitrary: holder },
  { weight: 2, arbitrary: waiter },
);

const few = fc.oneof({ weight: 3, arbitrary: fc.constant(1) }, fc.integer({ min: 1, max: 4 }));

const pick: fc.Arbitrary<Pick> = fc.record({
  among: fc.oneof(
    { weight: 8, arbitrary: fc.constant('own' as const) },
    fc.constantFrom('all' as const, 'unknown' as const),
  ),
  nth,
});

const book = fc.record({
  kind: fc.constant('book' as const),
  section,
  who: anyone,
  quantity: few,
  onSoldOut: fc.oneof(
    { weight: 6, arbitrary: fc.constant('wait' as const) },
    fc.constant('refuse' as const),
  ),
});

const cancelNewest = fc.record({
  kind: fc.constant('cancelNewest' as const),
  section,
  who: canceller,
  quantity: few,
});

const cancelTickets = fc.record({
  kind: fc.constant('cancelTickets' as const),
  section,
  who: canceller,
  tickets: fc.array(pick, { minLength: 1, maxLength: 3 }),
});

const cancelBooking = fc.record({
  kind: fc.constant('cancelBooking' as const),
  section,
  who: canceller,
  booking: pick,
  quantity: fc.option(few, { nil: undefined }),
});

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 7, arbitrary: book },
  { weight: 3, arbitrary: cancelNewest },
  { weight: 2, arbitrary: cancelTickets },
  { weight: 2, arbitrary: cancelBooking },
);

/** Up to 60 steps, cut at random into batches that share a transaction. */
export const story: fc.Arbitrary<Story> = fc
  .record({
    capacities: fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 3 })),
    steps: fc.array(
      fc.record({ step, startsBatch: fc.oneof(fc.constant(true), fc.boolean(), fc.boolean()) }),
      { maxLength: STEPS_MAX, size: 'max' },
    ),
  })
  .map(({ capacities, steps }) => {
    const batches: Step[][] = [];
    for (const { step: next, startsBatch } of steps) {
      if (startsBatch || batches.length === 0) batches.push([]);
      batches.at(-1)!.push(next);
    }
    return { capacities, batches };
  });
