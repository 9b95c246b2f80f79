import { AllocationService } from '../../src/allocation/index.js';
import { OverdueSectionsWorker } from '../../src/holds/overdue-sections.worker.js';
import { PeriodicWorkers } from '../../src/platform/workers/index.js';
import { CreateEventService } from '../../src/events/create-event.service.js';
import { assertInvariants, readOutbox, useApp, useDatabase } from '../kit/index.js';
import { CONTEXT, someone } from '../kit/request-context.js';

const EVENTS = 40;
const HOLDS_EACH = 3;
const ROUNDS = 3;
/** Longer than the test takes: `expireAll` ends them. */
const TTL_SECONDS = 600;

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe('the sweepers of two instances', () => {
  const database = useDatabase();
  // Settings of their own, so that each is a single instance.
  const apps = [1, 2].map(() => useApp(database, { LOG_LEVEL: 'trace' }));
  const sweepers = (): OverdueSectionsWorker[] =>
    apps.map(({ nest }) => nest.get(OverdueSectionsWorker));

  beforeAll(() => Promise.all(apps.map(({ nest }) => nest.get(PeriodicWorkers).stop())));

  /** Creates events whose places are all held, each with one person waiting. */
  async function holdAll(): Promise<void> {
    const [creating, lanes] = [
      apps[0]!.nest.get(CreateEventService),
      apps[0]!.nest.get(AllocationService),
    ];
    const event = { name: 'Fair', totalTickets: HOLDS_EACH };
    const opened = range(EVENTS).map(() => creating.create(event, CONTEXT));
    await Promise.all(
      opened.map(async (one) => {
        const { body } = await one;
        const places = { sectionId: body.sections[0]!.id, quantity: 1, person: someone('ann') };
        const hold = { kind: 'hold', ...places, ttlSeconds: TTL_SECONDS } as const;
        await Promise.all(range(HOLDS_EACH).map(() => lanes.submit(hold)));
        await lanes.submit({ kind: 'book', ...places, onSoldOut: 'wait' });
      }),
    );
  }

  /** Lets the time of all holds pass, without waiting for it. */
  async function expireAll(): Promise<void> {
    const now = new Date();
    await database.query("UPDATE holds SET expires_at = ? WHERE status = 'HELD'", [now]);
    await database.query('UPDATE sections SET holds_expire_at = ? WHERE held > 0', [now]);
  }

  /** The holds reported as expired, each as often as it was reported. */
  async function expiredHolds(): Promise<string[]> {
    const messages = await readOutbox(database);
    const expired = messages.filter(({ type }) => type === 'hold.expired');
    return expired.map(({ payload }) => payload['holdId'] as string);
  }

  const count = async (table: string, condition: string): Promise<number> => {
    const sql = `SELECT COUNT(*) AS count FROM ${table} WHERE ${condition}`;
    return (await database.query<{ count: number }>(sql))[0]!.count;
  };

  it.each(range(ROUNDS))('together end each hold once, round %i', async (round) => {
    await holdAll();
    await expireAll();
    const ended = await Promise.all(sweepers().map((sweeper) => sweeper.sweep()));
    const holds = EVENTS * HOLDS_EACH;
    expect(ended.reduce((sum, one) => sum + one, 0)).toBe(holds);
    const all = holds * (round + 1);
    expect(await count('holds', "status = 'EXPIRED'")).toBe(all);
    const ids = await expiredHolds();
    expect([ids.length, new Set(ids).size]).toEqual([all, all]);
    expect(await count('sections', 'holds_expire_at IS NOT NULL OR held > 0')).toBe(0);
    // The waiting people have their places.
    expect(await count('bookings', 'waitlist_entry_id IS NOT NULL')).toBe(EVENTS * (round + 1));
    await assertInvariants(database.url);
  });

  it('find nothing if nothing has expired', async () => {
    const before = await readOutbox(database);
    expect(await Promise.all(sweepers().map((sweeper) => sweeper.sweep()))).toEqual([0, 0]);
    expect(await readOutbox(database)).toEqual(before);
  });
});
