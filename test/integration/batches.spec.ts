import fc from 'fast-check';
import { AllocationEngine } from '../../src/allocation/index.js';
import type { CommandRequest, CommandResult } from '../../src/allocation/engine/command-request.js';
import { LOCK_SECTIONS } from '../../src/allocation/storage/sections.repository.js';
import { toSqlText } from '../../src/platform/database/sql-text.js';
import { uuidV7 } from '../../src/platform/common/index.js';
import { Api, connectTo, type TestDatabase, useApp, useDatabase } from '../kit/index.js';
import { recordStatements, type Sent, statementsOf, summariesOf } from '../kit/statements.js';
import { lanesOf } from '../kit/lanes.js';
import { eventually } from '../kit/eventually.js';
import { ReferenceModel, type Summary } from '../unit/core/reference-model.js';
import { summarise } from '../unit/core/summaries.js';
import { someone } from '../kit/request-context.js';
import { isFull } from '../setup/intensity.js';

/** Numbers of commands and sections. */
const SIZES: readonly (readonly [number, number])[] = isFull
  ? [
      [2, 1],
      [50, 1],
      [256, 1],
      [50, 100],
      [256, 100],
    ]
  : [
      [2, 1],
      [256, 100],
    ];

/**
 * Packets, each of which is one round trip, with the statements in them. The time of the decision is read after
 * the wait for the lock, in the same packet.
 */
const LOCK_ONLY = [
  'START TRANSACTION',
  'SELECT sections FOR UPDATE',
  'SELECT CAST(UNIX_TIMESTAMP(SYSDATE(6)) * 1000000 AS UNSIGNED) AS microseconds',
];
const LOCK = [...LOCK_ONLY, 'SELECT users'];
const LOCK_AND_KEYS = [...LOCK, 'SELECT idempotency_keys'];
/** How many places people have in whole events. The statement begins with the sections. */
const CLAIMS = ['SELECT sections'];
const ENTRIES = 'SELECT waitlist_entries';
const COUNT = 'INSERT waitlist_counts';
const BOOK = ['INSERT bookings', 'INSERT tickets'];
const CANCEL = ['UPDATE tickets', 'UPDATE bookings'];
const END = ['UPDATE sections', 'INSERT outbox_messages'];
const COMMIT = ['COMMIT'];

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

const book = (sectionId: string, identifier: string, quantity = 1): CommandRequest => ({
  kind: 'book',
  sectionId,
  person: someone(identifier),
  quantity,
  onSoldOut: 'wait',
});

const cancel = (sectionId: string, identifier: string, quantity = 1): CommandRequest => ({
  kind: 'cancel',
  sectionId,
  person: someone(identifier),
  target: { by: 'newest', quantity },
});

/** Sections with an event each, as they are right after their creation. */
async function open(
  database: TestDatabase,
  count: number,
  capacity: number,
  maxPerPerson: number | null = null,
): Promise<string[]> {
  const ids = range(count).map(() => uuidV7());
  const now = new Date();
  const rows = ids.map((id) => [
    id,
    uuidV7(),
    'Stalls',
    'OPEN',
    capacity,
    capacity,
    maxPerPerson,
    now,
  ]);
  await database.query(
    `INSERT INTO sections (id, event_id, name, sales, capacity, available, max_per_person,
       created_at, booked, held, bookings, waiting, last_seq, version, counted_version)
     VALUES ${rows.map(() => '(?, 0, 0, 0, 0, 0, 0, 0)').join(', ')}`,
    rows,
  );
  return ids;
}

describe('the round trips of a batch', () => {
  const database = useDatabase();
  // One connection, so that none is opened and prepared while a batch is counted.
  const app = useApp(database, { DATABASE_POOL_SIZE: '1' });
  let engine: AllocationEngine;
  let sent: Sent[];

  beforeAll(async () => {
    engine = app.nest.get(AllocationEngine);
    sent = await recordStatements(app.nest);
    await engine.run([book(uuidV7(), 'nobody')]);
  });

  const withKey = (request: CommandRequest): CommandRequest => {
    const digest = uuidV7().padEnd(43, '-');
    return { ...request, idempotencyKey: { id: digest, fingerprint: digest } };
  };

  const newcomers = (count: number): string[] => range(count).map(() => uuidV7());

  /** People who are stored already, because they have booked elsewhere. */
  async function regulars(count: number): Promise<string[]> {
    const [elsewhere] = await open(database, 1, count);
    const people = newcomers(count);
    await engine.run(people.map((who) => book(elsewhere!, who)));
    return people;
  }

  /** One place for each command, spread over the sections. */
  interface Hall {
    readonly count: number;
    readonly sections: readonly string[];
    readonly at: (index: number) => string;
  }

  async function hall(
    count: number,
    sectionsMax: number,
    capacity = count,
    limit: number | null = null,
  ): Promise<Hall> {
    const sections = await open(database, Math.min(count, sectionsMax), capacity, limit);
    return { count, sections, at: (index) => sections[index % sections.length]! };
  }

  /** A hall without a free tested, in which each of `holders` holds as many. */
  async function fullHall(
    count: number,
    sectionsMax: number,
    placesEach = 1,
  ): Promise<Hall & { holders: string[] }> {
    const each = Math.ceil(count / Math.min(count, sectionsMax));
    const made = await hall(count, sectionsMax, each * placesEach);
    const holders = newcomers(each * made.sections.length);
    await engine.run(holders.map((who, index) => book(made.at(index), who, placesEach)));
    return { ...made, holders };
  }

  async function crowd({ count, at }: Hall): Promise<string[]> {
    const people = newcomers(count);
    await engine.run(people.map((who, index) => book(at(index), who)));
    return people;
  }

  type Scenario = (count: number, sections: number) => Promise<CommandRequest[]>;

  const bookings =
    (people: (count: number) => Promise<string[]>): Scenario =>
    async (count, sections) => {
      const { at } = await hall(count, sections);
      return (await people(count)).map((who, index) => book(at(index), who));
    };

  const byNewcomers = bookings((count) => Promise.resolve(newcomers(count)));

  /** People confirm their holds. */
  const confirmations =
    (limit: number | null): Scenario =>
    async (count, sections) => {
      const { at } = await hall(count, sections, count, limit);
      const holds = newcomers(count).map((identifier, index): CommandRequest => {
        const wish = {
          sectionId: at(index),
          person: someone(identifier),
          quantity: 1,
          ttlSeconds: 60,
        };
        return { kind: 'hold', ...wish };
      });
      const settled = await engine.run(holds);
      return settled.map(({ outcome }, index) => {
        const holdId = outcome.kind === 'held' ? outcome.hold.id : '';
        return { kind: 'confirm', sectionId: at(index), holdId };
      });
    };

  const SCENARIOS: Readonly<
    Record<string, { make: Scenario; packets: readonly (readonly string[])[] }>
  > = {
    'newcomers book': {
      make: byNewcomers,
      packets: [LOCK, ['INSERT users', ...BOOK, ...END], COMMIT],
    },
    'known people book': {
      make: bookings(regulars),
      packets: [LOCK, [...BOOK, ...END], COMMIT],
    },
    'newcomers and known people book': {
      make: bookings(async (count) => [...(await regulars(count / 2)), ...newcomers(count / 2)]),
      packets: [LOCK, ['INSERT users', ...BOOK, ...END], COMMIT],
    },
    'newcomers book with idempotency keys': {
      make: async (...size) => (await byNewcomers(...size)).map(withKey),
      packets: [
        LOCK_AND_KEYS,
        ['INSERT idempotency_keys', 'INSERT users', ...BOOK, ...END],
        COMMIT,
      ],
    },
    'all commands are retries': {
      make: async (...size) => {
        const requests = (await byNewcomers(...size)).map(withKey);
        await engine.run(requests);
        return requests;
      },
      packets: [LOCK_AND_KEYS, COMMIT],
    },
    'all commands are refused': {
      make: async (count, sections) => {
        const { at } = await hall(count, sections);
        return newcomers(count).map((who, index) => book(at(index), who, count + 1));
      },
      packets: [LOCK, COMMIT],
    },
    'newcomers book where there is a limit per person': {
      make: async (count, sections) => {
        const { at } = await hall(count, sections, count, 1);
        return newcomers(count).map((who, index) => book(at(index), who));
      },
      packets: [LOCK, CLAIMS, ['INSERT users', ...BOOK, ...END], COMMIT],
    },
    'people confirm their holds': {
      make: confirmations(null),
      packets: [LOCK_ONLY, ['SELECT holds'], [...BOOK, 'UPDATE holds', ...END], COMMIT],
    },
    'people confirm their holds where there is a limit per person': {
      make: confirmations(1),
      packets: [LOCK_ONLY, ['SELECT holds'], [...BOOK, 'UPDATE holds', ...END], COMMIT],
    },
    'people join an empty waitlist': {
      make: async (count, sections) => {
        const { at } = await fullHall(count, sections);
        return newcomers(count).map((who, index) => book(at(index), who));
      },
      packets: [LOCK, ['INSERT users', 'INSERT waitlist_entries', COUNT, ...END], COMMIT],
    },
    'people join a waitlist': {
      make: async (count, sections) => {
        const full = await fullHall(count, sections);
        await crowd(full);
        return newcomers(count).map((who, index) => book(full.at(index), who));
      },
      packets: [
        LOCK,
        [ENTRIES],
        ['INSERT users', 'INSERT waitlist_entries', COUNT, ...END],
        COMMIT,
      ],
    },
    'people leave the waitlist': {
      make: async (count, sections) => {
        const full = await fullHall(count, sections);
        return (await crowd(full)).map((who, index) => cancel(full.at(index), who));
      },
      packets: [
        LOCK,
        ['SELECT bookings', ENTRIES],
        [ENTRIES],
        ['UPDATE waitlist_entries', COUNT, ...END],
        COMMIT,
      ],
    },
    'people cancel and nobody waits': {
      make: async (count, sections) => {
        const { at, holders } = await fullHall(count, sections);
        return holders.slice(0, count).map((who, index) => cancel(at(index), who));
      },
      packets: [LOCK, ['SELECT bookings'], [...CANCEL, ...END], COMMIT],
    },
    'people cancel and the waitlist is promoted': {
      make: async (count, sections) => {
        const full = await fullHall(count, sections);
        await crowd(full);
        return full.holders.slice(0, count).map((who, index) => cancel(full.at(index), who));
      },
      packets: [
        LOCK,
        ['SELECT bookings', ENTRIES],
        [ENTRIES],
        [...BOOK, ...CANCEL, 'UPDATE waitlist_entries', COUNT, ...END],
        COMMIT,
      ],
    },
    'people cancel one ticket of two and the waitlist is promoted': {
      make: async (count, sections) => {
        const full = await fullHall(count, sections, 2);
        await crowd(full);
        return full.holders.slice(0, count).map((who, index) => cancel(full.at(index), who));
      },
      packets: [
        LOCK,
        ['SELECT bookings', ENTRIES],
        [ENTRIES],
        [...BOOK, ...CANCEL, 'UPDATE waitlist_entries', COUNT, ...END],
        COMMIT,
      ],
    },
    'all of this in one batch': {
      make: async (count, sections) => {
        const single = await fullHall(count, sections);
        const double = await fullHall(count, sections, 2);
        const patient = await fullHall(count, sections);
        const [waiting, leaving] = [await crowd(single), await crowd(patient)];
        const all = [
          ...single.holders.map((who, index) => cancel(single.at(index), who)),
          ...double.holders.map((who, index) => cancel(double.at(index), who)),
          ...leaving.map((who, index) => cancel(patient.at(index), who)),
          // They were just promoted, or have left, and join again.
          ...waiting.map((who, index) => book(single.at(index), who)),
          ...leaving.map((who, index) => book(patient.at(index), who)),
          ...newcomers(count).map((who, index) => book(patient.at(index), who)),
        ];
        return all.map(withKey);
      },
      packets: [
        LOCK_AND_KEYS,
        ['SELECT bookings', ENTRIES],
        [ENTRIES],
        [
          'INSERT idempotency_keys',
          'INSERT users',
          ...BOOK,
          ...CANCEL,
          'UPDATE bookings',
          'UPDATE waitlist_entries',
          'UPDATE waitlist_entries',
          'INSERT waitlist_entries',
          COUNT,
          ...END,
        ],
        COMMIT,
      ],
    },
  };

  /** Runs a batch and returns the packets that it sent. */
  async function packetsOf(requests: readonly CommandRequest[]): Promise<string[][]> {
    sent.length = 0;
    const settled: readonly CommandResult[] = await engine.run(requests);
    expect(settled).toHaveLength(requests.length);
    return sent.map(summariesOf);
  }

  describe.each(Object.entries(SCENARIOS))('%s', (_, { make, packets }) => {
    it.each(SIZES)(
      `are ${packets.length}, with %i commands on up to %i sections`,
      async (...size) => {
        expect(await packetsOf(await make(...size))).toEqual(packets);
      },
    );
  });

  it('begin with the lock of all its sections, by ascending id, each once', async () => {
    const sections = await open(database, 5, 10);
    const requests = [...sections.toReversed(), ...sections].map((id) => book(id, 'ann'));
    await packetsOf(requests);
    const [, lock] = statementsOf(sent[0]!);
    expect(lock).toBe(toSqlText({ sql: LOCK_SECTIONS, parameters: [sections.toSorted()] }));
  });

  it('lock nothing but the sections', async () => {
    const [section] = await open(database, 1, 1);
    for (const request of [book(section!, 'ann'), book(section!, 'bob'), cancel(section!, 'ann')]) {
      await packetsOf([withKey(request)]);
      const all = sent.flatMap((packet) => statementsOf(packet));
      const locking = all.filter((sql) => /\b(FOR UPDATE|FOR SHARE|LOCK IN)\b/.test(sql));
      expect(locking).toEqual([expect.stringMatching(/FROM sections WHERE id IN .* FOR UPDATE$/)]);
    }
  });
});

describe('random batches on the database', () => {
  const database = useDatabase();
  const app = useApp(database);

  /** Without the person, whom the model knows by name and the database by id. */
  const nameless = (told: Summary): object => ({ ...told, person: undefined });

  const step = fc.record({
    isBooking: fc.boolean(),
    section: fc.nat(1),
    // Few people, so that their commands affect each other.
    person: fc.constantFrom('ann', 'bob', 'cid', 'dan'),
    quantity: fc.integer({ min: 1, max: 3 }),
  });
  const story = fc.array(fc.array(step, { minLength: 1, maxLength: 12 }), { maxLength: 8 });

  it('have the outcomes of the same commands run one by one', async () => {
    const engine = app.nest.get(AllocationEngine);
    await fc.assert(
      fc.asyncProperty(story, async (batches) => {
        const sections = await open(database, 2, 3);
        const models = sections.map(() => ReferenceModel.alone(3));
        for (const batch of batches) {
          const requests = batch.map(({ isBooking, section, person, quantity }) =>
            (isBooking ? book : cancel)(sections[section]!, person, quantity),
          );
          const expected = batch.map(({ isBooking, section, person, quantity }) => {
            const model = models[section]!;
            if (isBooking) return model.book({ person, quantity, seats: undefined }, 'wait');
            return model.cancel(person, { by: 'newest', quantity });
          });
          const results = await engine.run(requests);
          const summaries = results.map(({ outcome }) => nameless(summarise(outcome)));
          expect(summaries).toEqual(expected.map(nameless));
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('a batch of 256 bookings of which one violates a constraint', () => {
  const GUILTY = '01939c5e-dead-7000-8000-000000000000';
  const database = useDatabase();
  const app = useApp(database, { LANES: '1' });
  let api: Api;

  beforeAll(async () => {
    api = new Api(await app.nest.getUrl());
    await database.query('INSERT INTO users (id, identifier, created_at) VALUES (?, ?, ?)', [
      GUILTY,
      'guilty',
      new Date(),
    ]);
    await database.query(
      `ALTER TABLE bookings ADD CONSTRAINT ck_planted CHECK (user_id <> '${GUILTY}')`,
    );
  });

  afterAll(() => api.close());

  it('fails only that booking, without a trace, and takes few transactions', async () => {
    const eventId = await api.open(300);
    const lanes = lanesOf(app.nest);
    const sent = await recordStatements(app.nest);
    const holder = await connectTo(database.url);
    await holder.query('START TRANSACTION');
    await holder.query('SELECT 1 FROM sections WHERE event_id = ? FOR UPDATE', [eventId]);
    const attempt = (who: string) =>
      api.post(
        '/book',
        { eventId, identifier: who },
        { 'Idempotency-Key': `of ${who}`.replace(' ', '-') },
      );
    const first = api.book(eventId, 'first');
    await eventually('the lane to wait for the lock', () =>
      sent.some((one) => summariesOf(one).includes('SELECT sections FOR UPDATE')),
    );
    const people = range(256).map((index) => (index === 100 ? 'guilty' : `person-${index}`));
    const answers = people.map((who) => attempt(who));
    await eventually('all commands to wait in the lane', () => lanes.states[0]!.waiting === 256);
    await holder.end();

    expect((await first).status).toBe(201);
    const ended = await Promise.all(answers);
    const wrong = ended.flatMap(({ status }, index) => (status === 201 ? [] : [people[index]]));
    expect(wrong).toEqual(['guilty']);
    expect(ended[100]).toMatchObject({ status: 500, body: { code: 'internal_error' } });
    const transactions = sent.filter(({ sql }) => sql.startsWith('START TRANSACTION'));
    // The first is repeated if it has waited too long for the lock.
    const others = transactions.filter(({ sql }) => !sql.includes("'first'"));
    expect(others).toHaveLength(1 + 2 * Math.log2(256));

    const { body } = await api.status(eventId);
    expect(body).toMatchObject({ bookedTickets: 256, waitingListCount: 0, version: 1 + 256 });
    expect(await database.query(LEFT_OF, [GUILTY, `%${GUILTY}%`])).toEqual([
      { keys: 255, bookings: 0, messages: 0 },
    ]);

    // Nor is the failure stored with the idempotency key.
    expect((await attempt('guilty')).body).toMatchObject({ code: 'internal_error' });
    await database.query('ALTER TABLE bookings DROP CONSTRAINT ck_planted');
    expect((await attempt('guilty')).body.tickets).toHaveLength(1);
    expect((await attempt('guilty')).headers['idempotency-replayed']).toBe('true');
  });

  const LEFT_OF = `
    SELECT (SELECT COUNT(*) FROM idempotency_keys) AS \`keys\`,
           (SELECT COUNT(*) FROM bookings WHERE user_id = ?) AS bookings,
           (SELECT COUNT(*) FROM outbox_messages WHERE payload LIKE ?) AS messages`;
});
