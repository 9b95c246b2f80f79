import { randomUUID } from 'node:crypto';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { type TestDatabase, useApp, useDatabase } from '../kit/index.js';

type MysqlOptions = Extract<DataSourceOptions, { type: 'mysql' | 'mariadb' }>;

/** Entities declare no foreign keys: these are in a separate migration that may be left out. */
const FOREIGN_KEY = /^ALTER TABLE `\w+` DROP FOREIGN KEY `fk_\w+`$/;

/**
 * The statements with which TypeORM would make the database match the entities. MariaDB must be
 * named as such, because it reports the text NULL for a column without a default.
 */
async function drift(dataSource: DataSource): Promise<string[]> {
  const [server] = await dataSource.query<{ version: string }[]>('SELECT VERSION() AS version');
  const looking = await new DataSource({
    ...(dataSource.options as MysqlOptions),
    type: server!.version.includes('MariaDB') ? 'mariadb' : 'mysql',
    entities: dataSource.entityMetadatas.map((entity) => entity.target),
  }).initialize();
  try {
    const { upQueries } = await looking.driver.createSchemaBuilder().log();
    return upQueries.map(({ query }) => query).filter((query) => !FOREIGN_KEY.test(query));
  } finally {
    await looking.destroy();
  }
}

const namesOf = (dataSource: DataSource): string[] =>
  dataSource.entityMetadatas.map((entity) => entity.tableName).toSorted();

describe('the entities', () => {
  const database = useDatabase();
  const app = useApp(database);
  let commandLine: DataSource;

  beforeAll(async () => {
    process.env['DATABASE_URL'] = database.url;
    const ormconfig = jest.requireActual<{ default: DataSource }>('../../ormconfig.js');
    commandLine = await ormconfig.default.initialize();
  });

  afterAll(() => commandLine.destroy());

  it('of the service match the migrated database', async () => {
    expect(await drift(app.nest.get(DataSource))).toEqual([]);
  });

  it('of ormconfig, for TypeORM on the command line, are the same', async () => {
    expect(namesOf(commandLine)).toEqual(namesOf(app.nest.get(DataSource)));
    expect(await drift(commandLine)).toEqual([]);
  });

  it('that differ from the database are detected', async () => {
    await database.query('ALTER TABLE users MODIFY identifier VARCHAR(254) NOT NULL');
    await database.query('ALTER TABLE sections DROP INDEX ix_sections_event');
    await database.query('ALTER TABLE bookings MODIFY quantity INT NOT NULL');
    const found = (await drift(commandLine)).join('\n');
    expect(found).toContain('`identifier` varchar(255)');
    expect(found).toContain('`ix_sections_event`');
    expect(found).toContain('`quantity` int UNSIGNED');
  });
});

describe('the database itself', () => {
  const database = useDatabase();
  const eventId = randomUUID();
  const section = row(database, 'sections', {
    id: randomUUID,
    event_id: () => eventId,
    name: () => 'Stalls',
    sales: () => 'OPEN',
    capacity: () => 10,
    booked: () => 4,
    held: () => 1,
    available: () => 5,
    bookings: () => 2,
    waiting: () => 0,
    last_seq: () => 0,
    version: () => 0,
    created_at: () => new Date(),
  });
  const booking = row(database, 'bookings', {
    id: randomUUID,
    event_id: () => eventId,
    section_id: randomUUID,
    user_id: randomUUID,
    quantity: () => 2,
    status: () => 'CONFIRMED',
    waitlist_entry_id: () => null,
    created_at: () => new Date(),
    cancelled_at: () => null,
  });
  const entry = row(database, 'waitlist_entries', {
    id: randomUUID,
    event_id: () => eventId,
    section_id: randomUUID,
    user_id: randomUUID,
    waiting_user_id: () => null,
    quantity: () => 1,
    seq: () => 1,
    status: () => 'PROMOTED',
    created_at: () => new Date(),
    ended_at: () => new Date(),
  });
  const waiting = (more: Row): Row => {
    const user = more['user_id'] ?? randomUUID();
    return { status: 'WAITING', user_id: user, waiting_user_id: user, ended_at: null, ...more };
  };

  afterEach(async () => {
    for (const table of ['waitlist_entries', 'bookings', 'sections', 'users']) {
      await database.query(`DELETE FROM ${table}`);
    }
  });

  it('accepts rows that keep the rules', async () => {
    const { id } = await section({});
    await booking({ section_id: id });
    await entry({ section_id: id });
    await entry({ section_id: id, ...waiting({ seq: 2 }) });
  });

  describe.each([
    ['with its own settings', undefined],
    ['without strict mode', ''],
  ])('refuses, %s,', (_, mode) => {
    beforeAll(async () => {
      if (mode !== undefined) await database.query('SET SESSION sql_mode = ?', [mode]);
    });
    afterAll(() => database.query('SET SESSION sql_mode = @@GLOBAL.sql_mode'));

    it.each([
      'booked = booked - 5, available = available + 5',
      'held = held - 2, available = available + 2',
      'available = available - 6, booked = booked + 6',
      'bookings = bookings - 3',
      'bookings = booked + 1',
      'waiting = waiting - 1',
      'waiting = last_seq + 1',
      'booked = booked + 1',
      'available = available + 1',
      'held = 0',
      'capacity = capacity - 1',
      'capacity = 0, booked = 0, held = 0, available = 0, bookings = 0',
    ])('a section with %s', async (change) => {
      const { id } = await section({});
      const before = await database.query('SELECT * FROM sections WHERE id = ?', [id]);
      await expectRefused(database.query(`UPDATE sections SET ${change} WHERE id = ?`, [id]));
      expect(await database.query('SELECT * FROM sections WHERE id = ?', [id])).toEqual(before);
    });

    it.each<[string, Row]>([
      ['a confirmed booking of no places', { quantity: 0 }],
      [
        'a cancelled booking that still has places',
        { status: 'CANCELLED', cancelled_at: new Date() },
      ],
      ['a cancelled booking without a time', { status: 'CANCELLED', quantity: 0 }],
      ['a booking of an unknown section', { section_id: randomUUID() }],
    ])('%s', async (__, more) => {
      const { id } = await section({});
      await expectRefused(booking({ section_id: id, ...more }));
    });

    it('a second booking from one waitlist entry', async () => {
      const { id } = await section({});
      const promoted = { section_id: id, waitlist_entry_id: randomUUID() };
      await booking(promoted);
      await expect(booking(promoted)).rejects.toThrow(/uq_bookings_waitlist_entry/);
    });

    it('a person who waits twice in one section, but not one who waits in two', async () => {
      const [one, other] = [await section({}), await section({})];
      const person = randomUUID();
      await entry(waiting({ section_id: one.id, user_id: person, seq: 1 }));
      await entry(waiting({ section_id: other.id, user_id: person, seq: 1 }));
      const again = entry(waiting({ section_id: one.id, user_id: person, seq: 2 }));
      await expect(again).rejects.toThrow(/uq_waitlist_waiting_person/);
    });

    it('two entries with one number on a waitlist', async () => {
      const { id } = await section({});
      await entry(waiting({ section_id: id, seq: 7 }));
      const second = entry(waiting({ section_id: id, seq: 7 }));
      await expect(second).rejects.toThrow(/uq_waitlist_line/);
    });

    it.each<[string, Row]>([
      ['is waiting without waiting_user_id', waiting({ waiting_user_id: null })],
      [
        'is waiting with the waiting_user_id of another person',
        waiting({ waiting_user_id: randomUUID() }),
      ],
      ['is waiting and has ended', waiting({ ended_at: new Date() })],
      ['was left and keeps its waiting_user_id', { ...waiting({}), status: 'LEFT' }],
      ['is for no places', waiting({ quantity: 0 })],
    ])('an entry that %s', async (__, more) => {
      const { id } = await section({});
      await expectRefused(entry({ section_id: id, ...more }));
    });
  });

  it.each([
    ['jose@x', 'josé@x'],
    ['strasse@x', 'straße@x'],
    ['ann@x', 'Ann@x'],
  ])('stores %j and %j as two people', async (one, other) => {
    const person = row(database, 'users', { id: randomUUID, created_at: () => new Date() });
    await person({ identifier: one });
    await person({ identifier: other });
    await expect(person({ identifier: other })).rejects.toThrow(/uq_users_identifier/);
    const found = await database.query('SELECT identifier FROM users WHERE identifier = ?', [one]);
    expect(found).toEqual([{ identifier: one }]);
  });
});

/** CHECK (MySQL, MariaDB), FOREIGN KEY, out of range, UNSIGNED below zero. */
const REFUSALS = [3819, 4025, 1452, 1264, 1690];

async function expectRefused(statement: Promise<unknown>): Promise<void> {
  const error: unknown = await statement.then(
    () => 'the statement was accepted',
    (thrown: unknown) => thrown,
  );
  expect(error).toHaveProperty('errno');
  expect(REFUSALS).toContain((error as { errno: number }).errno);
}

type Row = Readonly<Record<string, unknown>>;

/** Inserts rows by handwritten SQL, with defaults for the columns that are not given. */
function row(database: TestDatabase, table: string, defaults: Record<string, () => unknown>) {
  return async (more: Row): Promise<Row> => {
    const values: Row = {
      ...Object.fromEntries(Object.entries(defaults).map(([name, make]) => [name, make()])),
      ...more,
    };
    await database.query(`INSERT INTO ${table} (${Object.keys(values).join(', ')}) VALUES (?)`, [
      Object.values(values),
    ]);
    return values;
  };
}
