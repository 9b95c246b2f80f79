import type { QueryRunner } from 'typeorm';

/** Before every id. */
const START = '';

/**
 * The ids of a table in ranges of some rows each: more than the first, up to the second. So a change of every
 * row takes short transactions.
 */
export async function* idRanges(
  queryRunner: QueryRunner,
  table: string,
  rows: number,
): AsyncGenerator<readonly [after: string, upTo: string]> {
  let after = START;
  for (;;) {
    const [last] = (await queryRunner.query(
      `SELECT MAX(id) AS id FROM
         (SELECT id FROM ${table} WHERE id > ? ORDER BY id LIMIT ${rows}) step`,
      [after],
    )) as readonly { readonly id: string | null }[];
    const upTo = last!.id;
    if (upTo === null) return;
    yield [after, upTo];
    after = upTo;
  }
}
