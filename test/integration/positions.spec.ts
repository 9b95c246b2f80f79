import { type EntryRow, WaitlistQueries } from '../../src/waitlist/waitlist.queries.js';
import { SEQS_PER_BLOCK } from '../../src/allocation/index.js';
import type { BulkReader } from '../../src/platform/database/index.js';
import { uuidV7 } from '../../src/platform/common/index.js';
import { useDatabase } from '../kit/index.js';
import { intensity } from '../setup/intensity.js';

const WAITING = intensity('WAITLIST_LENGTH');
const PAGE = 51;
/** A few rows for each entry that is shown. */
const ROWS_BESIDE_MAX = 10 * PAGE;
/** One count for each block of entries, and the entries of one block. */
const ROWS_COUNTED_MAX = WAITING / SEQS_PER_BLOCK + SEQS_PER_BLOCK;

const DIGITS = `(SELECT 0 AS digit UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3
  UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8
  UNION ALL SELECT 9)`;

const idOf = (nth: number): string => `00000000-0000-7000-8000-${String(nth).padStart(12, '0')}`;

describe(`a waitlist of ${WAITING} entries`, () => {
  const database = useDatabase();
  const [eventId, sectionId, emptySectionId] = [uuidV7(), uuidV7(), uuidV7()];
  const asked: { sql: string; parameters: unknown[] }[] = [];
  const lines: string[] = [];
  // Uses one connection, which counts the rows that it reads.
  const reads = {
    query: (sql: string, parameters: unknown[]) => {
      asked.push({ sql, parameters });
      return database.query(sql, parameters);
    },
  } as Pick<BulkReader, 'query'> as BulkReader;
  const queries = new WaitlistQueries(reads, reads);

  beforeAll(async () => {
    // Not on sale, so that nobody must get the free place and no outbox messages are missing.
    await database.query(
      `INSERT INTO sections (id, event_id, name, sales, capacity, available, created_at,
         booked, held, bookings, waiting, last_seq, version, counted_version)
       VALUES (?, ?, 'Stalls', 'CLOSED', 1, 1, ?, 0, 0, 0, ?, ?, 0, 0)`,
      [sectionId, eventId, new Date(), WAITING, WAITING],
    );
    await database.query(
      `INSERT INTO waitlist_entries
         (id, event_id, section_id, user_id, waiting_user_id, quantity, seq, status, created_at)
       SELECT id, ?, ?, id, id, 1, seq, 'WAITING', ?
         FROM (SELECT seq, CONCAT('00000000-0000-7000-8000-', LPAD(seq, 12, '0')) AS id
                 FROM (SELECT 1 + a.digit + 10 * b.digit + 100 * c.digit + 1000 * d.digit
                              + 10000 * e.digit AS seq
                         FROM ${DIGITS} a, ${DIGITS} b, ${DIGITS} c, ${DIGITS} d, ${DIGITS} e) seqs
              ) entries WHERE seq <= ${WAITING} ORDER BY seq`,
      [eventId, sectionId, new Date()],
    );
    await database.query(
      `INSERT INTO waitlist_counts (section_id, block, event_id, waiting)
       SELECT section_id, seq DIV ${SEQS_PER_BLOCK}, ?, COUNT(*) FROM waitlist_entries
        GROUP BY section_id, seq DIV ${SEQS_PER_BLOCK}`,
      [eventId],
    );
  });

  afterAll(() => void process.stdout.write(`\n${lines.join('\n')}\n\n`));

  /** Records of indexes and tables that this connection has read so far. */
  async function readSoFar(): Promise<number> {
    const rows = await database.query<{ Value: string }>(
      `SHOW SESSION STATUS WHERE Variable_name IN ('Handler_read_first', 'Handler_read_key',
         'Handler_read_last', 'Handler_read_next', 'Handler_read_prev', 'Handler_read_rnd',
         'Handler_read_rnd_next')`,
    );
    return rows.reduce((sum, { Value }) => sum + Number(Value), 0);
  }

  /** Asks in one statement, and returns the answer and the number of records read. */
  async function readBy<Answer>(
    what: string,
    ask: () => Promise<Answer>,
  ): Promise<{ answer: Answer; read: number }> {
    await readSoFar();
    const looking = (await readSoFar()) * -1 + (await readSoFar());
    asked.length = 0;
    const before = await readSoFar();
    const start = performance.now();
    const answer = await ask();
    const ms = performance.now() - start;
    const read = (await readSoFar()) - before - looking;
    lines.push(`${what}: ${read} records read, ${ms.toFixed(1)} ms`);
    expect(asked).toHaveLength(1);
    return { answer, read };
  }

  const positionsOf = (entries: readonly EntryRow[]) => entries.map(({ position }) => position);

  const someEntries = [1, 2, 1_000, WAITING / 2, WAITING];

  it.each(someEntries)(
    'reads the counts ahead of entry %i, and one block of entries',
    async (nth) => {
      const { answer, read } = await readBy(`entry ${nth}`, () => queries.find(idOf(nth)));
      expect(answer).toMatchObject({ id: idOf(nth), position: nth });
      expect(read).toBeLessThanOrEqual(ROWS_COUNTED_MAX + ROWS_BESIDE_MAX);
    },
  );

  it.each(someEntries)(
    'reads the counts ahead of entry %i, and one block, when looking for its person',
    async (nth) => {
      const own = { sectionIds: [emptySectionId, sectionId], before: undefined };
      const { answer, read } = await readBy(`person of entry ${nth}`, () =>
        queries.ofPerson(idOf(nth), own, PAGE),
      );
      expect(positionsOf(answer)).toEqual([nth]);
      expect(read).toBeLessThanOrEqual(ROWS_COUNTED_MAX + ROWS_BESIDE_MAX);
    },
  );

  it.each([0, 1_000, WAITING - PAGE])(
    'reads a page, the counts ahead of %i, and one block of entries',
    async (seq) => {
      const after = seq === 0 ? undefined : { sectionId, seq };
      const { answer, read } = await readBy(`page behind ${seq}`, () =>
        queries.open([emptySectionId, sectionId], after, PAGE),
      );
      expect(positionsOf(answer)).toEqual(Array.from({ length: PAGE }, (_, n) => seq + n + 1));
      expect(read).toBeLessThanOrEqual(ROWS_COUNTED_MAX + ROWS_BESIDE_MAX);
    },
  );

  it.each([1, WAITING / 2, WAITING])(
    'counts all entries ahead of entry %i while the counts are incomplete',
    async (nth) => {
      await database.query('UPDATE sections SET version = 1 WHERE id = ?', [sectionId]);
      await database.query('UPDATE waitlist_counts SET waiting = waiting + 1');
      const own = { sectionIds: [sectionId], before: undefined };
      const after = { sectionId, seq: nth - 1 };
      expect(await queries.find(idOf(nth))).toMatchObject({ position: nth });
      expect(positionsOf(await queries.ofPerson(idOf(nth), own, 1))).toEqual([nth]);
      expect(positionsOf(await queries.open([sectionId], after, 1))).toEqual([nth]);
      await database.query('UPDATE waitlist_counts SET waiting = waiting - 1');
      await database.query('UPDATE sections SET version = 0 WHERE id = ?', [sectionId]);
    },
  );

  it('counts the entries ahead by index alone', async () => {
    asked.length = 0;
    await queries.find(idOf(1_000));
    const { sql, parameters } = asked[0]!;
    const plan = JSON.stringify(await database.query(`EXPLAIN ${sql}`, parameters));
    // EXPLAIN answers with a table, or with a tree on newer servers.
    expect(plan).toMatch(
      /"table":"ahead"[^}]*"key":"uq_waitlist_line"[^}]*Using index(?! condition)|Covering index range scan on ahead using uq_waitlist_line/,
    );
  });
});
