import fc from 'fast-check';
import { BatchLoader } from '../../src/allocation/engine/batch-loader.js';
import { BatchWriter } from '../../src/allocation/engine/batch-writer.js';
import type { CommandRequest } from '../../src/allocation/engine/command-request.js';
import { SectionStateLoader } from '../../src/allocation/engine/section-state-loader.js';
import { apply } from '../../src/allocation/core/apply.js';
import type { Command } from '../../src/allocation/core/commands.js';
import type { Outcome } from '../../src/allocation/core/outcomes.js';
import { expireOverdue } from '../../src/allocation/core/rules/expire.js';
import { PeriodicWorkers } from '../../src/platform/workers/index.js';
import type { SectionRow } from '../../src/allocation/core/state/locked-section.js';
import { SectionsRepository } from '../../src/allocation/index.js';
import { queryAll, TransactionRunner } from '../../src/platform/database/index.js';
import { assertInvariants, useApp, useDatabase } from '../kit/index.js';
import { emptySection, seatsOf } from '../unit/core/sections.js';
import { PEOPLE, type SectionPlan, story } from '../unit/core/steps.js';
import { type Played, World } from '../unit/core/world.js';
import { someone } from '../kit/request-context.js';

const { FC_SEED, FC_STORIES } = process.env;

/** As many as the shell takes at a time, so that both end the same things at once. */
const WIND_UP = 500;
/** More seats than there are: both choose among all. */
const SEATS_ALL = 1_000;

const TABLES = [
  'outbox_messages',
  'booked_seats',
  'tickets',
  'bookings',
  'holds',
  'seats',
  'waitlist_entries',
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
    // The stories have a time of their own: for the sweeper all their holds are over.
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

  /** The shell as the engine has it, but with the time and the names of the story. */
  async function runBatch({ now, commands }: Played, newId: () => string): Promise<Outcome[]> {
    const [loader, writer] = [app.nest.get(BatchLoader), app.nest.get(BatchWriter)];
    return app.nest.get(TransactionRunner).run('test', async (tx) => {
      const batch = await loader.load(tx, commands.map(toRequest), {
        clock: { now: () => now },
        newId,
      });
      for (const state of batch.sections.values()) expireOverdue(state);
      const outcomes = batch.commands.map((command) =>
        apply(batch.sections.get(command.sectionId)!, command),
      );
      await writer.write(tx, batch);
      return outcomes;
    });
  }

  it('comes to what the rules come to in memory, row by row, and keeps every promise', async () => {
    await fc.assert(
      fc.asyncProperty(story, async (any) => {
        const told = { ...any, seatsInSight: SEATS_ALL };
        jest.replaceProperty(app.nest.get(SectionStateLoader), 'expiry', told.expiry);
        const world = World.play(told, WIND_UP);
        await open(told.sections);
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
        numRuns: Number(FC_STORIES ?? 60),
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
