import type { Change } from './statement.js';

/** Rows per statement. */
const ROWS_MAX = 5_000;

/** Rows per UPDATE … CASE, whose cost grows with the square of their number. */
const CASES_MAX = 500;

/**
 * Inserts rows in as few statements as possible.
 *
 * @param columns names that come from the code, never from a request
 * @param rows one value per column each, in the same order
 * @param isStaleRead recognises the error that another transaction inserted the row first
 */
export const insertRows = (
  table: string,
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
  isStaleRead?: (error: unknown) => boolean,
): Change[] =>
  chunksOf(rows, ROWS_MAX).map((chunk) => ({
    sql: `INSERT INTO ${table} (${columns.join(', ')}) VALUES ?`,
    parameters: [chunk],
    rows: chunk.length,
    isExact: true,
    ...(isStaleRead && { isStaleRead }),
  }));

/** Updates many rows with different values, by primary key `id`; all rows must exist. */
export const updateRowsById = (
  table: string,
  columns: readonly string[],
  rows: readonly { readonly id: string; readonly values: readonly unknown[] }[],
): Change[] =>
  chunksOf(rows, CASES_MAX).map((chunk) => {
    const whens = ' WHEN ? THEN ?'.repeat(chunk.length);
    const assignments = columns.map((column) => `${column} = CASE id${whens} END`);
    const values = columns.flatMap((_, index) =>
      chunk.flatMap((row) => [row.id, row.values[index]]),
    );
    return {
      sql: `UPDATE ${table} SET ${assignments.join(', ')} WHERE id IN (?)`,
      parameters: [...values, chunk.map((row) => row.id)],
      rows: chunk.length,
      isExact: true,
    };
  });

/**
 * Sets the same values in many rows, by primary key `id`; all rows must exist.
 *
 * @param assignments SQL with placeholders that comes from the code, never from a request
 */
export const setOnRows = (
  table: string,
  assignments: string,
  values: readonly unknown[],
  ids: readonly string[],
): Change[] =>
  chunksOf(ids, ROWS_MAX).map((chunk) => ({
    sql: `UPDATE ${table} SET ${assignments} WHERE id IN (?)`,
    parameters: [...values, chunk],
    rows: chunk.length,
    isExact: true,
  }));

/** Deletes rows by a unique column; all rows must exist. */
export const deleteRows = (table: string, column: string, ids: readonly string[]): Change[] =>
  chunksOf(ids, ROWS_MAX).map((chunk) => ({
    sql: `DELETE FROM ${table} WHERE ${column} IN (?)`,
    parameters: [chunk],
    rows: chunk.length,
    isExact: true,
  }));

const chunksOf = <Item>(items: readonly Item[], size: number): (readonly Item[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
