import {
  AllocationEngine,
  type CommandRequest,
  AllocationService,
} from '../../src/allocation/index.js';
import { OverdueSectionsWorker } from '../../src/holds/overdue-sections.worker.js';
import { CancelEventService } from '../../src/events/cancel-event.service.js';
import { CompletionService } from '../../src/events/completion.service.js';
import { PeriodicWorkers } from '../../src/platform/workers/index.js';
import type { OpenRequest } from '../../src/events/dto/create-event.dto.js';
import { CreateEventService } from '../../src/events/create-event.service.js';
import { assertInvariants, useApp, useDatabase } from '../kit/index.js';
import { eventually } from '../kit/eventually.js';
import { CONTEXT, someone } from '../kit/request-context.js';

const BATCH = 5_000;
/** The most holds that one batch ends. */
const STEP = 500;

interface Opened {
  readonly id: string;
  readonly sectionId: string;
}

describe('very many holds that expire together', () => {
  const database = useDatabase();
  // Settings of its own, so that there is one instance, whose workers can be stopped.
  const app = useApp(database, { LOG_LEVEL: 'trace' });

  beforeAll(() => app.nest.get(PeriodicWorkers).stop());

  async function open(body: OpenRequest): Promise<Opened> {
    const opened = await app.nest.get(CreateEventService).create(body, CONTEXT);
    return { id: opened.body.id, sectionId: opened.body.sections[0]!.id };
  }

  const run = (requests: readonly CommandRequest[]) => app.nest.get(AllocationEngine).run(requests);

  /** Runs a batch of one command, as for a client. */
  const submit = async (request: CommandRequest) =>
    (await app.nest.get(AllocationService).submit(request)).outcome;

  const book = (sectionId: string, identifier: string, quantity = 1): CommandRequest => {
    return { kind: 'book', sectionId, person: someone(identifier), quantity, onSoldOut: 'wait' };
  };

  async function inBatches(count: number, request: (nth: number) => CommandRequest) {
    for (let done = 0; done < count; done += BATCH) {
      const length = Math.min(BATCH, count - done);
      await run(Array.from({ length }, (_, nth) => request(done + nth)));
    }
  }

  /** Each hold is made by a new person, so that people are in the order of their holds. */
  const hold = (sectionId: string, count: number, ttlSeconds = 3_600): Promise<void> =>
    inBatches(count, (nth) => {
      const wish = {
        sectionId,
        person: someone(`${sectionId} ${ttlSeconds} ${nth}`),
        quantity: 1,
        ttlSeconds,
      };
      return { kind: 'hold', ...wish };
    });

  /** Lets those holds expire that would expire within so many seconds. */
  async function pass(sectionId: string, seconds = 3_600): Promise<void> {
    const past = new Date(Date.now() - 1_000);
    const soon = new Date(Date.now() + seconds * 1_000);
    await database.query(
      "UPDATE holds SET expires_at = ? WHERE section_id = ? AND status = 'HELD' AND expires_at <= ?",
      [past, sectionId, soon],
    );
    await database.query('UPDATE sections SET holds_expire_at = ? WHERE id = ?', [past, sectionId]);
  }

  const counts = async (table: string, sectionId: string): Promise<object> => {
    const rows = await database.query<{ status: string; count: number }>(
      `SELECT status, COUNT(*) AS count FROM ${table} WHERE section_id = ? GROUP BY status`,
      [sectionId],
    );
    return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
  };

  const sectionOf = async (sectionId: string) => {
    const [section] = await database.query<{ held: number; isDue: number | null }>(
      `SELECT held, booked, waiting, holds_expire_at <= ? AS isDue FROM sections WHERE id = ?`,
      [new Date(), sectionId],
    );
    return section!;
  };

  it('are ended in steps, while other commands are served', async () => {
    const limits = { maxPerPerson: STEP };
    const { sectionId } = await open({ name: 'Fair', totalTickets: 4.5 * STEP, limits });
    await hold(sectionId, 4.5 * STEP);
    await pass(sectionId);
    const identifier = `${sectionId} 3600 ${4 * STEP}`;
    const all = await database.query<{ id: string }>(
      'SELECT id FROM holds WHERE section_id = ? ORDER BY expires_at, id',
      [sectionId],
    );
    expect(await submit(book(sectionId, identifier, STEP))).toMatchObject({
      kind: 'booked',
    });
    expect(await counts('holds', sectionId)).toEqual({ EXPIRED: STEP, HELD: 3.5 * STEP });
    const cancelled = await submit({
      kind: 'cancel',
      sectionId,
      person: someone(identifier),
      target: { by: 'newest', quantity: 1 },
    });
    expect(cancelled).toMatchObject({ kind: 'cancelled' });
    expect(await sectionOf(sectionId)).toMatchObject({ held: 2.5 * STEP, isDue: 1 });
    const holdId = all.at(-1)!.id;
    expect(await submit({ kind: 'confirm', sectionId, holdId })).toMatchObject({
      refusal: { code: 'hold_expired' },
    });
    // Ends the hold that was named, besides those of one step.
    expect(await sectionOf(sectionId)).toMatchObject({ held: 1.5 * STEP - 1, isDue: 1 });
    const expire = { kind: 'sweep', sectionId } as const;
    expect(await submit(expire)).toEqual({ kind: 'swept', expired: STEP, hasMore: true });
    const rest = { kind: 'swept', expired: STEP / 2 - 1, hasMore: false };
    expect(await submit(expire)).toEqual(rest);
    expect(await sectionOf(sectionId)).toMatchObject({ held: 0, isDue: null, booked: STEP - 1 });
    await assertInvariants(database.url);
  });

  it('are ended in turns if a batch has several sections, no more than in one', async () => {
    const sections = [await open({ name: 'One', totalTickets: STEP })];
    sections.push(await open({ name: 'Two', totalTickets: STEP }));
    for (const { sectionId } of sections) await hold(sectionId, STEP);
    for (const { sectionId } of sections) await pass(sectionId);
    await run(sections.map(({ sectionId }) => ({ kind: 'sweep', sectionId })));
    for (const { sectionId } of sections) {
      expect(await sectionOf(sectionId)).toMatchObject({ held: STEP / 2, isDue: 1 });
    }
    expect(await app.nest.get(OverdueSectionsWorker).sweep()).toBe(STEP);
  });

  it.each([
    ['some have expired and others have not', 600, 20],
    ['more have expired than one step ends', 1.6 * STEP, 0],
  ])('are all ended with their cancelled event, when %s', async (_, overdue, others) => {
    const { id, sectionId } = await open({ name: 'Gala', totalTickets: overdue + others });
    await hold(sectionId, overdue, 60);
    await hold(sectionId, others);
    // As if the instance had died right after it cancelled the event.
    const dying = jest.spyOn(CompletionService.prototype, 'voidRemaining').mockResolvedValue();
    await app.nest.get(CancelEventService).cancel(id, CONTEXT);
    dying.mockRestore();
    await pass(sectionId, 120);
    await app.nest.get(CompletionService).voidRemaining(id, new AbortController().signal);
    const ended = { EXPIRED: overdue, ...(others > 0 && { RELEASED: others }) };
    expect(await counts('holds', sectionId)).toEqual(ended);
    await eventually('the end of the cancellation', async () => {
      const ending = 'SELECT id FROM events WHERE id = ? AND is_ending = 0';
      return (await database.query(ending, [id])).length === 1;
    });
  });
});
