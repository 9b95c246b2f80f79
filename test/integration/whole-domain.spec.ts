import fc from 'fast-check';
import type { CommandRequest } from '../../src/allocation/engine/command-request.js';
import { SectionStateLoader } from '../../src/allocation/engine/section-state-loader.js';
import type { Command } from '../../src/allocation/core/commands.js';
import type { Outcome } from '../../src/allocation/core/outcomes.js';
import { PeriodicWorkers } from '../../src/platform/workers/index.js';
import type { SectionRow } from '../../src/allocation/core/state/locked-section.js';
import { AllocationEngine, SectionsRepository } from '../../src/allocation/index.js';
import { Clock } from '../../src/platform/common/index.js';
import { queryAll, TransactionRunner } from '../../src/platform/database/index.js';
import { assertInvariants, useApp, useDatabase } from '../kit/index.js';
import { emptySection, seatsOf } from '../unit/core/sections.js';
import { PEOPLE, type SectionPlan, story } from '../unit/core/steps.js';
import { type Played, World } from '../unit/core/world.js';
import { someone } from '../kit/request-context.js';
import { intensity } from '../setup/intensity.js';

const { FC_SEED } = process.env;

/** As many as the engine ends at a time, so that both end the same things at once. */
const VOID_MAX = 500;
/** More seats than exist: both choose among all. */
const SEATS_ALL = 1_000;

const TABLES = [
  'outbox_messages',
  'booked_seats',
  'tickets',
  'bookings',
  'holds',
  'seats',
  'waitlist_entries',
  'waitlist_counts',
  'sections',
];

function toRequest(command: Command): CommandRequest {
  if (!('userId' in command)) return command;
  const { userId, ...rest } = command;
  return { ...rest, person: someone(userId) };
}

describe('every command, on the database', () => {
  const database = useDatabase();
  const app = useApp(database);

  beforeAll(async () => {
    // Stories have a time of their own: for the sweeper, all their holds are overdue.
    await app.nest.get(PeriodicWorkers).stop();
    const rows = PEOPLE.map((name) => [name, name, new Date()]);
    await database.query('INSERT INTO users (id, identifier, created_at) VALUES ?', [rows]);
  });

  async function open(plans: readonly SectionPlan[]): Promise<void> {
    for (const table of TABLES) await database.query(`DELETE FROM ${table}`);
    for (const [index, plan] of plans.entries()) {
      const section = emptySection(`section-${index}`, plan);
      await database.query('INSERT INTO sections SET ?', [rowOf(section)]);
      if (!plan.isSeated) continue;
      const seats = seatsOf(section.id, plan.capacity).map((seat) => {
        const { id, row, number, position } = seat;
        return [id, section.eventId, section.id, row, number, position, 'AVAILABLE', null];
      });
      await database.query('INSERT INTO seats VALUES ?', [seats]);
    }
  }

  /** Runs a batch with the time and the ids of the story. */
  async function runBatch(
    { now, price, commands }: Played,
    newId: () => string,
  ): Promise<Outcome[]> {
    await database.query('UPDATE sections SET price_amount = ?, price_currency = ?', [
      price?.amount ?? null,
      price?.currency ?? null,
    ]);
    const engine = app.nest.get(AllocationEngine);
    jest.spyOn(app.nest.get(Clock), 'now').mockReturnValue(now);
    jest.spyOn(engine, 'newId').mockImplementation(newId);
    jest.spyOn(engine, 'newIdsAt').mockReturnValue(newId);
    const results = await engine.run(commands.map(toRequest));
    return results.map(({ outcome }) => outcome);
  }

  it('has the outcomes and rows of the rules in memory, and keeps every invariant', async () => {
    await fc.assert(
      fc.asyncProperty(story, async (played) => {
        const limited = { ...played, seatsToChooseFrom: SEATS_ALL };
        jest.replaceProperty(app.nest.get(SectionStateLoader), 'expiryLimit', limited.expiry);
        const world = World.play(limited, VOID_MAX);
        await open(limited.sections);
        let ids = 0;
        const newId = () => `id-${String((ids += 1)).padStart(6, '0')}`;
        for (const batch of world.played) {
          expect(await runBatch(batch, newId)).toEqual(batch.outcomes);
        }
        const sections = world.tables.sections.all;
        const lock = app.nest.get(SectionsRepository).lock(sections.map(({ id }) => id));
        const [stored] = await app.nest
          .get(TransactionRunner)
          .run('look', (tx) => queryAll(tx, [lock]));
        expect([...stored.values()].map(({ row: now }) => now)).toEqual(sections);
        await assertInvariants(database.url);
      }),
      {
        numRuns: intensity('FC_STORIES'),
        ...(FC_SEED !== undefined && { seed: Number(FC_SEED) }),
      },
    );
  }, 300_000);
});

function rowOf({ rules, ...section }: SectionRow): object {
  return {
    id: section.id,
    event_id: section.eventId,
    first_section_id: section.firstSectionId,
    name: section.id,
    sales: section.sales,
    is_seated: Number(section.isSeated),
    capacity: section.capacity,
    booked: 0,
    held: 0,
    available: section.capacity,
    bookings: 0,
    waiting: 0,
    last_seq: 0,
    version: 0,
    created_at: new Date(),
    max_per_booking: rules.maxPerBooking,
    max_per_person: rules.maxPerPerson,
    waitlist_enabled: Number(rules.waitlistEnabled),
    waitlist_max: rules.waitlistMax,
    fit: rules.fit,
    mode: rules.mode,
    offer_ttl_seconds: rules.offerTtlSeconds,
  };
}
