import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { MessageType } from '../../../src/allocation/core/section-state.js';
import type { Outcome } from '../../../src/allocation/core/outcomes.js';
import type { RefusalCode } from '../../../src/allocation/core/refusals.js';
import { intensity } from '../../setup/intensity.js';
import { story } from './steps.js';
import { type Tally, World } from './world.js';

const { FC_SEED } = process.env;

/** FC_RUNS=1000000 npm run test:unit for a long run; FC_SEED=… to repeat a printed failure. */
const parameters = {
  numRuns: intensity('FC_RUNS'),
  ...(FC_SEED !== undefined && { seed: Number(FC_SEED) }),
};

const OUTCOMES: Readonly<Record<Exclude<Outcome['kind'], 'refused'>, true>> = {
  booked: true,
  waitlisted: true,
  cancelled: true,
  left: true,
  declined: true,
  held: true,
  released: true,
  swept: true,
  resized: true,
  configured: true,
  opened: true,
  closed: true,
  voided: true,
};

/** Codes that are decided outside the rules, or counted per booking and per person below. */
type OfShell = 'event_not_found' | 'idempotency_key_reused' | 'limit_exceeded';

const REFUSALS: Readonly<Record<Exclude<RefusalCode, OfShell>, true>> = {
  event_not_on_sale: true,
  exceeds_capacity: true,
  sold_out: true,
  already_waiting: true,
  waitlist_full: true,
  booking_not_found: true,
  ticket_not_found: true,
  quantity_exceeds_booking: true,
  section_not_seated: true,
  section_seated: true,
  seat_not_found: true,
  seat_taken: true,
  hold_not_found: true,
  hold_expired: true,
  hold_released: true,
  hold_confirmed: true,
  entry_not_found: true,
  not_offered: true,
  offer_expired: true,
  capacity_below_sold: true,
};

const MESSAGES: Readonly<Record<MessageType, true>> = {
  'booking.confirmed': true,
  'booking.cancelled': true,
  'hold.created': true,
  'hold.confirmed': true,
  'hold.released': true,
  'hold.expired': true,
  'waitlist.joined': true,
  'waitlist.promoted': true,
  'waitlist.offered': true,
  'waitlist.left': true,
  'waitlist.declined': true,
  'waitlist.offer_expired': true,
  'waitlist.voided': true,
  'section.resized': true,
  'section.opened': true,
  'section.closed': true,
  'section.configured': true,
};

const EVERYTHING = [
  ...Object.keys({ ...OUTCOMES, ...REFUSALS, ...MESSAGES }),
  'limit_exceeded per booking',
  'limit_exceeded per person',
];

describe('the allocation rules, batch by batch', () => {
  it(
    'decide as the reference model does, and keep every invariant at every commit',
    () =>
      fc.assert(
        fc.property(story, (played) => {
          World.play(played);
        }),
        parameters,
      ),
    Math.max(60_000, parameters.numRuns * 50),
  );

  it('are fully exercised: every outcome occurs, windows are cut, and batches leave overdue holds', () => {
    const met: Tally = new Map();
    let [windowsCut, expiryCut] = [0, 0];
    for (const sample of fc.sample(story, { numRuns: intensity('FC_SAMPLES'), seed: 1 })) {
      const world = World.play(sample);
      windowsCut += world.windowsCut;
      expiryCut += world.expiryCut;
      for (const [name, times] of world.met) met.set(name, (met.get(name) ?? 0) + times);
    }
    const rare = EVERYTHING.filter((name) => (met.get(name) ?? 0) < 30);
    assert.deepEqual(rare, []);
    assert.ok(windowsCut >= 50);
    assert.ok(expiryCut >= 100);
  });
});
