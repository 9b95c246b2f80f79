import { CancelEventService } from '../../src/events/cancel-event.service.js';
import { EditEventService } from '../../src/events/edit-event.service.js';
import type { EventResponse } from '../../src/events/dto/event.dto.js';
import type { EditRequest } from '../../src/events/dto/edit-event.dto.js';
import { EVENTS_TO_RAISE } from '../../src/events/unfinished-events.queries.js';
import { CompletionService } from '../../src/events/completion.service.js';
import { CreateEventService } from '../../src/events/create-event.service.js';
import { AllocationEngine } from '../../src/allocation/index.js';
import { uuidV7 } from '../../src/platform/common/index.js';
import { readOutbox, useApp, useDatabase } from '../kit/index.js';
import { eventually } from '../kit/eventually.js';
import { CONTEXT, someone } from '../kit/request-context.js';

const GROUP = 400;
const GROUPS = 31;
const RAISED = GROUP + GROUPS * GROUP;
const FIRST_STEP = GROUP + 5_000;

describe('a raise that is accepted at once and applied in steps', () => {
  const database = useDatabase();
  const app = useApp(database);

  afterEach(() => jest.restoreAllMocks());

  /** A sold-out event whose waitlist wants thousands of places. */
  async function crowdedEvent(): Promise<EventResponse> {
    const creating = app.nest.get(CreateEventService);
    const { body } = await creating.create({ name: 'Gala', totalTickets: GROUP }, CONTEXT);
    const sectionId = body.sections[0]!.id;
    await app.nest.get(AllocationEngine).run(
      Array.from({ length: GROUPS + 1 }, (_, nth) => {
        const who = {
          person: someone(`person-${nth}`),
          quantity: GROUP,
          onSoldOut: 'wait',
        } as const;
        return { kind: 'book', sectionId, ...who } as const;
      }),
    );
    return body;
  }

  const edit = async (id: string, body: EditRequest): Promise<EventResponse> => {
    const anyhow = { id, ifMatch: undefined, context: CONTEXT };
    return (await app.nest.get(EditEventService).edit(body, anyhow)).body.event;
  };

  /** As if the instance had died after the first step, before any worker continued. */
  async function raiseAndDie(id: string): Promise<EventResponse> {
    jest.spyOn(CompletionService.prototype, 'raise').mockResolvedValue();
    return edit(id, { totalTickets: RAISED });
  }

  const goOn = (id: string): Promise<void> => {
    jest.restoreAllMocks();
    return app.nest.get(CompletionService).raise(id, new AbortController().signal);
  };

  const stateOf = async (id: string) => {
    const [section] = await database.query<{ capacity: number; booked: number; waiting: number }>(
      `SELECT capacity, booked, waiting, capacity_wanted AS wanted FROM sections WHERE event_id = ?`,
      [id],
    );
    return section!;
  };

  const whole = { capacity: RAISED, booked: RAISED, waiting: 0, wanted: null };

  it('is completed by a worker if the instance dies', async () => {
    const { id } = await crowdedEvent();
    const raised = await raiseAndDie(id);
    expect(raised).toMatchObject({ totalTickets: FIRST_STEP, waitingListCount: GROUPS - 12 });
    jest.restoreAllMocks();
    await eventually('the whole raise', async () => (await stateOf(id)).waiting === 0);
    expect(await stateOf(id)).toEqual(whole);
  });

  it('continues after the event was renamed in between', async () => {
    const { id } = await crowdedEvent();
    await raiseAndDie(id);
    await edit(id, { name: 'Encore', limits: { maxPerPerson: 500 } });
    await goOn(id);
    expect(await stateOf(id)).toEqual(whole);
  });

  it.each([
    ['a lower capacity', FIRST_STEP - 100],
    ['the current capacity', FIRST_STEP],
    ['a slightly higher capacity', FIRST_STEP + 100],
  ])('ends if another edit sets %s in between', async (_, totalTickets) => {
    const { id } = await crowdedEvent();
    await raiseAndDie(id);
    // 13 groups have their places; the 100 to 300 free places are too few for the next one.
    await edit(id, { totalTickets });
    await goOn(id);
    expect(await stateOf(id)).toMatchObject({ capacity: totalTickets, booked: 13 * GROUP });
    expect(await stateOf(id)).toMatchObject({ waiting: GROUPS - 12, wanted: null });
  });

  it('continues to a much higher capacity that another edit sets in between', async () => {
    const { id } = await crowdedEvent();
    await raiseAndDie(id);
    await edit(id, { totalTickets: RAISED + 1_000 });
    await goOn(id);
    expect(await stateOf(id)).toEqual({ ...whole, capacity: RAISED + 1_000 });
  });

  it('ends when the event is cancelled', async () => {
    const { id } = await crowdedEvent();
    await raiseAndDie(id);
    await app.nest.get(CancelEventService).cancel(id, CONTEXT);
    await goOn(id);
    expect(await stateOf(id)).toEqual({
      capacity: FIRST_STEP,
      booked: 0,
      waiting: 0,
      wanted: null,
    });
  });

  it('is searched for without reading sections that need no raise', async () => {
    const rows = Array.from({ length: 3_000 }, () => [uuidV7(), uuidV7(), new Date()]);
    await database.query(
      `INSERT INTO sections (id, event_id, created_at, name, sales, capacity, available, booked,
         held, bookings, waiting, last_seq, version)
       VALUES ${rows.map(() => "(?, 'Stalls', 'OPEN', 1, 1, 0, 0, 0, 0, 0, 0)").join(', ')}`,
      rows,
    );
    const rowsRead = async (): Promise<number> => {
      const counts = await database.query<{ Value: string }>(
        "SHOW SESSION STATUS LIKE 'Handler_read%'",
      );
      return counts.reduce((sum, { Value }) => sum + Number(Value), 0);
    };
    const before = await rowsRead();
    expect(await database.query(EVENTS_TO_RAISE)).toEqual([]);
    expect((await rowsRead()) - before).toBeLessThan(10);
  });

  it('adds the same number of places if several workers continue it at once', async () => {
    const { id } = await crowdedEvent();
    await raiseAndDie(id);
    await Promise.all(Array.from({ length: 3 }, () => goOn(id)));
    expect(await stateOf(id)).toEqual(whole);
    const messages = await readOutbox(database, id);
    const steps = messages.filter(({ type }) => type === 'section.resized');
    const sizes = steps.map(({ payload }) => {
      const { capacity, before } = payload as { capacity: number; before: number };
      return capacity - before;
    });
    expect(Math.max(...sizes)).toBe(5_000);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(RAISED - GROUP);
  });
});
