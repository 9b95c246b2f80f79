import type { Transaction, WriteResult } from './transaction.js';

/** Rows of one INSERT: far below max_allowed_packet (16 MiB on MariaDB) with our widest rows. */
const ROWS_PER_INSERT = 5_000;

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
  for (let start = 0; start < rows.length; start += ROWS_PER_INSERT) {
    const chunk = rows.slice(start, start + ROWS_PER_INSERT);
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
  if (rows.length === 0) return;
  const whens = ' WHEN ? THEN ?'.repeat(rows.length);
  const assignments = columns.map((column) => `${column} = CASE id${whens} END`);
  const parameters = columns.flatMap((_, index) =>
    rows.flatMap((row) => [row.id, row.values[index]]),
  );
  const { affectedRows } = await tx.query<WriteResult>(
    `UPDATE ${table} SET ${assignments.join(', ')} WHERE id IN (?)`,
    [...parameters, rows.map((row) => row.id)],
  );
  expectAffected(table, affectedRows, rows.length);
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
  if (ids.length === 0) return;
  const { affectedRows } = await tx.query<WriteResult>(
    `UPDATE ${table} SET ${assignments} WHERE id IN (?)`,
    [...values, ids],
  );
  expectAffected(table, affectedRows, ids.length);
}

function expectAffected(table: string, affected: number, expected: number): void {
  if (affected === expected) return;
  throw new Error(`UPDATE ${table} met ${affected} rows instead of ${expected}`);
}
