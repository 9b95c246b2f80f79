import type { Transaction, WriteResult } from './transaction.js';

/** Rows of one statement: far below max_allowed_packet (16 MiB on MariaDB) with our widest rows. */
const ROWS_MAX = 5_000;

/** Rows of one UPDATE … CASE: its work grows with the square of their number. */
const CASES_MAX = 500;

/**
 * Inserts rows in as few statements as possible.
 *
 * @param columns names, from the code and never from a request
 * @param rows each with one value a column, in that order
 */
export async function insertRows(
  tx: Transaction,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
): Promise<void> {
  for (const chunk of chunksOf(rows, ROWS_MAX)) {
    await tx.query(`INSERT INTO ${table} (${columns.join(', ')}) VALUES ?`, [chunk]);
  }
}

/**
 * Gives many rows new values in one statement, found by primary key `id`.
 *
 * @throws {Error} if not every row was there: whoever calls this holds the lock that says they are
 */
export async function updateRowsById(
  tx: Transaction,
  table: string,
  columns: readonly string[],
  rows: readonly { readonly id: string; readonly values: readonly unknown[] }[],
): Promise<void> {
  for (const chunk of chunksOf(rows, CASES_MAX)) {
    const whens = ' WHEN ? THEN ?'.repeat(chunk.length);
    const assignments = columns.map((column) => `${column} = CASE id${whens} END`);
    const parameters = columns.flatMap((_, index) =>
      chunk.flatMap((row) => [row.id, row.values[index]]),
    );
    const { affectedRows } = await tx.query<WriteResult>(
      `UPDATE ${table} SET ${assignments.join(', ')} WHERE id IN (?)`,
      [...parameters, chunk.map((row) => row.id)],
    );
    expectAffected(table, affectedRows, chunk.length);
  }
}

/**
 * Sets the same values in many rows, found by primary key `id`.
 *
 * @param assignments SQL with placeholders, from the code and never from a request
 * @throws {Error} if not every row was there
 */
export async function setOnRows(
  tx: Transaction,
  table: string,
  assignments: string,
  values: readonly unknown[],
  ids: readonly string[],
): Promise<void> {
  for (const chunk of chunksOf(ids, ROWS_MAX)) {
    const { affectedRows } = await tx.query<WriteResult>(
      `UPDATE ${table} SET ${assignments} WHERE id IN (?)`,
      [...values, chunk],
    );
    expectAffected(table, affectedRows, chunk.length);
  }
}

function* chunksOf<Item>(items: readonly Item[], size: number): Generator<readonly Item[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}

function expectAffected(table: string, affected: number, expected: number): void {
  if (affected === expected) return;
  throw new Error(`UPDATE ${table} met ${affected} rows instead of ${expected}`);
}
