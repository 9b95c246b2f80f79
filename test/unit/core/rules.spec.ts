import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Tally } from './invariants.js';
import { story } from './steps.js';
import { World } from './world.js';

const RUNS_DEFAULT = 3_000;
const { FC_SEED, FC_RUNS } = process.env;

/** FC_RUNS=1000000 npm run test:unit for a long look; FC_SEED=… to see a printed failure again. */
const parameters = {
  numRuns: Number(FC_RUNS ?? RUNS_DEFAULT),
  ...(FC_SEED !== undefined && { seed: Number(FC_SEED) }),
};

const EVERYTHING = [
  'booked',
  'waitlisted',
  'cancelled',
  'left',
  'exceeds_capacity',
  'sold_out',
  'already_waiting',
  'booking_not_found',
  'ticket_not_found',
  'quantity_exceeds_booking',
  'booking.confirmed',
  'booking.cancelled',
  'waitlist.joined',
  'waitlist.promoted',
  'waitlist.left',
];

describe('the rules of booking, batch by batch', () => {
  it(
    'do what the reference model does, and keep every promise at every commit',
    () =>
      fc.assert(
        fc.asyncProperty(story, async (one) => {
          await World.play(one);
        }),
        parameters,
      ),
    Math.max(60_000, parameters.numRuns * 50),
  );

  it('are tried in every respect: no outcome stays unmet, and windows are shorter than lines', async () => {
    const met: Tally = new Map();
    let windowsCut = 0;
    for (const one of fc.sample(story, { numRuns: 300, seed: 1 })) {
      const world = await World.play(one);
      windowsCut += world.tables.windowsCut;
      for (const [name, times] of world.met) met.set(name, (met.get(name) ?? 0) + times);
    }
    const rare = EVERYTHING.filter((name) => (met.get(name) ?? 0) < 50);
    assert.deepEqual(rare, []);
    assert.ok(windowsCut >= 50);
  });
});
