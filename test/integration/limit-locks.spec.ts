import { setTimeout as pause } from 'node:timers/promises';
import { AllocationEngine, type CommandRequest, type Outcome } from '../../src/allocation/index.js';
import { PeriodicWorkers } from '../../src/platform/workers/index.js';
import { TransactionRunner } from '../../src/platform/database/index.js';
import { uuidV7 } from '../../src/platform/common/index.js';
import { someone } from '../kit/request-context.js';
import { assertInvariants, connectTo, useApp, useDatabase } from '../kit/index.js';
import { changePackets, type Sent } from '../kit/statements.js';
import { eventually } from '../kit/eventually.js';

const LIMIT = 4;

interface Rules {
  readonly limit?: number | null;
  readonly capacity?: number;
  readonly mode?: 'auto' | 'offer';
  readonly offerTtlSeconds?: number;
}

describe('the limit per person in a whole event', () => {
  const database = useDatabase();
  const app = useApp(database);
  /** Changes the packets of the application; tests may replace it. */
  let change: (sent: Sent) => string | Promise<string>;

  beforeAll(async () => {
    await app.nest.get(PeriodicWorkers).stop();
    changePackets(app.nest, (sent) => change(sent));
  });
  beforeEach(() => {
    change = ({ sql }) => sql;
  });

  /** Creates an event with two sections and returns their ids, the first section first. */
  async function openTwo(rules: Rules = {}): Promise<[string, string]> {
    const { limit = LIMIT, capacity = 100, mode = 'auto', offerTtlSeconds = 60 } = rules;
    const [eventId, first, second] = [uuidV7(), uuidV7(), uuidV7()];
    const line = [mode, offerTtlSeconds, capacity, capacity];
    for (const id of [first, second]) {
      const row = [id, eventId, id === first ? null : first, limit, new Date(), ...line];
      await database.query(
        `INSERT INTO sections (id, event_id, first_section_id, max_per_person, created_at,
           mode, offer_ttl_seconds, capacity, available, name, sales, booked, held, bookings, waiting,
           last_seq, version)
         VALUES (?, 'Stalls', 'OPEN', 0, 0, 0, 0, 0, 0)`,
        [row],
      );
    }
    return [first, second];
  }

  async function run(request: CommandRequest): Promise<Outcome> {
    const [settled] = await app.nest.get(AllocationEngine).run([request]);
    return settled!.outcome;
  }

  async function codeOf(request: CommandRequest): Promise<string> {
    const outcome = await run(request);
    return outcome.kind === 'refused' ? outcome.refusal.code : outcome.kind;
  }

  const book = (sectionId: string, quantity: number, identifier = 'ann'): Promise<string> =>
    codeOf({ kind: 'book', sectionId, quantity, person: someone(identifier), onSoldOut: 'wait' });

  const cancel = (sectionId: string, quantity: number, identifier: string): Promise<string> =>
    codeOf({
      kind: 'cancel',
      sectionId,
      person: someone(identifier),
      target: { by: 'newest', quantity },
    });

  async function hold(sectionId: string, quantity: number, ttlSeconds = 60): Promise<string> {
    const wish = { kind: 'hold', sectionId, quantity, ttlSeconds } as const;
    const outcome = await run({ ...wish, person: someone('ann') });
    return outcome.kind === 'held' ? outcome.hold.id : '';
  }

  /** Offers Ann places of a section, which Bob had booked and cancelled. */
  async function offer(sectionId: string, places: number): Promise<string> {
    await book(sectionId, places, 'bob');
    await book(sectionId, places);
    await cancel(sectionId, places, 'bob');
    const rows = await database.query<{ id: string }>(
      "SELECT id FROM waitlist_entries WHERE section_id = ? AND status = 'OFFERED'",
      [sectionId],
    );
    return rows[0]!.id;
  }

  /** Commands with which Ann takes places that she already holds or has an offer for. */
  const TAKING = {
    confirm: async (
      sectionId: string,
      places: number,
      ttlSeconds = 60,
    ): Promise<CommandRequest> => {
      return { kind: 'confirm', sectionId, holdId: await hold(sectionId, places, ttlSeconds) };
    },
    accept: async (sectionId: string, places: number): Promise<CommandRequest> => {
      return { kind: 'accept', sectionId, entryId: await offer(sectionId, places) };
    },
  } as const;

  const retries = (): number =>
    [...app.nest.get(TransactionRunner).counts.retries.values()].reduce((sum, n) => sum + n, 0);

  const turnsOf = async (id: string): Promise<number> => {
    const rows = await database.query<{ limit_turns: number }>(
      'SELECT limit_turns FROM sections WHERE id = ?',
      [id],
    );
    return rows[0]!.limit_turns;
  };

  it('counts the places of all sections', async () => {
    const [first, second] = await openTwo();
    expect(await book(second, 3)).toBe('booked');
    expect(await book(first, 2)).toBe('limit_exceeded');
    expect(await book(first, 1)).toBe('booked');
    expect(await book(second, 1)).toBe('limit_exceeded');
  });

  it('is checked under the lock of the first section, which costs one retry once', async () => {
    const [first, second] = await openTwo();
    const before = retries();
    await book(second, 1);
    expect(retries() - before).toBe(1);
    await book(second, 1);
    expect(retries() - before).toBe(1);
    // On a cluster, a lock protects nothing unless something is written under it.
    expect([await turnsOf(first), await turnsOf(second)]).toEqual([2, 0]);
  });

  const BOOK = (sectionId: string): Promise<CommandRequest> =>
    Promise.resolve({
      kind: 'book',
      sectionId,
      quantity: 1,
      person: someone('ann'),
      onSoldOut: 'wait',
    });

  it.each([
    ['book', LIMIT, BOOK],
    ['confirm', LIMIT, TAKING.confirm],
    ['accept', LIMIT, TAKING.accept],
    ['book', null, BOOK],
    ['confirm', null, TAKING.confirm],
    ['accept', null, TAKING.accept],
  ])(
    'makes sections wait for each other only if it is set: %s with a limit of %s',
    async (_, limit, prepare) => {
      const [first, second] = await openTwo({ limit, capacity: 3, mode: 'offer' });
      const request = await prepare(second, 3);
      const turns = await turnsOf(first);
      const other = await connectTo(database.url);
      await other.query('START TRANSACTION');
      await other.query('SELECT id FROM sections WHERE id = ? FOR UPDATE', [first]);
      let isDone = false;
      const taking = codeOf(request).finally(() => (isDone = true));
      await pause(500);
      expect(isDone).toBe(limit === null);
      await other.query('ROLLBACK');
      await other.end();
      expect(await taking).toBe('booked');
      expect((await turnsOf(first)) - turns).toBe(limit === null ? 0 : 1);
    },
  );

  /** The places that Ann has in the event of a section: booked, held and waited for. */
  async function placesOfAnn(sectionId: string): Promise<number> {
    const mine = `JOIN users person ON person.id = mine.user_id AND person.identifier = 'ann'
      WHERE mine.event_id = (SELECT event_id FROM sections WHERE id = ?)`;
    const rows = await database.query<{ places: string }>(
      `SELECT SUM(quantity) AS places FROM (
         SELECT quantity FROM bookings mine ${mine}
          UNION ALL SELECT quantity FROM holds mine ${mine} AND status = 'HELD'
          UNION ALL SELECT quantity FROM waitlist_entries mine ${mine} AND status = 'WAITING') hers`,
      [sectionId, sectionId, sectionId],
    );
    return Number(rows[0]!.places);
  }

  /** Makes counting places half a second slower for each row that meets a condition. */
  function countSlowly(condition: RegExp): { readonly hasBegun: boolean } {
    const state = { hasBegun: false };
    change = ({ sql }) => {
      if (!sql.includes('SUM(quantity)')) return sql;
      expect(sql).toMatch(condition);
      state.hasBegun = true;
      return sql.replace(condition, '$& AND SLEEP(LEAST(quantity, 1) / 2) = 0');
    };
    return state;
  }

  describe('counts places once that change hands while it counts', () => {
    const BOOKED = /status = 'CONFIRMED'/;
    const HELD = /status = 'HELD' AND expires_at > '[^']+'/;

    /** Ann has one place in the first section and three in the second, and books three more. */
    async function expectCounted(
      sections: readonly [string, string],
      condition: RegExp,
      move: () => Promise<unknown>,
    ): Promise<void> {
      const [first, second] = sections;
      const counting = countSlowly(condition);
      const booking = book(first, 3);
      await eventually('the count to begin', () => counting.hasBegun);
      await pause(100);
      await move();
      expect(await booking).toBe('limit_exceeded');
      expect(await placesOfAnn(second)).toBe(LIMIT);
    }

    it('when a hold is confirmed', async () => {
      const sections = await openTwo();
      await book(sections[0], 1);
      const request = await TAKING.confirm(sections[1], 3);
      await expectCounted(sections, BOOKED, () => run(request));
    });

    it('when an entry is promoted to a booking', async () => {
      const sections = await openTwo({ capacity: 3 });
      await book(sections[0], 1);
      await book(sections[1], 3, 'bob');
      await book(sections[1], 3);
      await expectCounted(sections, BOOKED, () => cancel(sections[1], 3, 'bob'));
    });

    it('when an entry is promoted to an offer', async () => {
      const sections = await openTwo({ capacity: 3, mode: 'offer' });
      await hold(sections[0], 1);
      await book(sections[1], 3, 'bob');
      await book(sections[1], 3);
      await expectCounted(sections, HELD, () => cancel(sections[1], 3, 'bob'));
    });
  });

  it.each(['confirm', 'accept'] as const)(
    'counts places that were taken just before they expired, though not committed yet: %s',
    async (kind) => {
      const rules = { capacity: LIMIT, mode: 'offer', offerTtlSeconds: 2 } as const;
      const [first, second] = await openTwo(rules);
      const request = await TAKING[kind](second, LIMIT, 2);
      const expiry = Date.now() + 2_000;
      let goOn = (): void => undefined;
      const isLate = new Promise<void>((resolve) => (goOn = resolve));
      let isDecided = false;
      change = async ({ sql }) => {
        if (!sql.includes('INSERT INTO bookings')) return sql;
        isDecided = true;
        await isLate;
        return sql;
      };
      const taking = codeOf(request);
      await eventually('the decision', () => isDecided);
      await pause(expiry + 10 - Date.now());
      const booking = book(first, LIMIT);
      await pause(300);
      goOn();
      expect(await taking).toBe('booked');
      expect(await booking).toBe('limit_exceeded');
      expect(await placesOfAnn(second)).toBe(LIMIT);
    },
  );

  describe('is checked by the test kit', () => {
    const RULE = /nobody has more than one person may in a whole event/;

    async function limitByHand(sectionId: string, limit: number): Promise<void> {
      await database.query(
        `UPDATE sections SET max_per_person = ? WHERE id = ? OR first_section_id = ?`,
        [limit, sectionId, sectionId],
      );
    }

    it('counting what is booked, held and waited for', async () => {
      const [first, second] = await openTwo({ capacity: 3 });
      await book(first, 1);
      await hold(first, 1);
      await book(second, 3, 'bob');
      await book(second, 2);
      await assertInvariants(database.url);
      await limitByHand(first, LIMIT - 1);
      await expect(assertInvariants(database.url)).rejects.toThrow(RULE);
      await limitByHand(first, LIMIT);
    });

    it('ignoring a hold that has expired but was not ended yet', async () => {
      const [first, second] = await openTwo();
      await hold(second, LIMIT, 1);
      await pause(1_010);
      expect(await book(first, LIMIT)).toBe('booked');
      await assertInvariants(database.url);
      const held = await database.query(
        "SELECT id FROM holds WHERE section_id = ? AND status = 'HELD'",
        [second],
      );
      expect(held).toHaveLength(1);
    });

    it('ignoring a limit that was lowered later', async () => {
      const [first, second] = await openTwo();
      await book(second, LIMIT);
      for (const sectionId of [first, second]) {
        await run({ kind: 'configure', sectionId, rules: { maxPerPerson: 1 } });
      }
      await assertInvariants(database.url);
    });
  });
});
