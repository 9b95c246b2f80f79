import { DataSource, type QueryRunner } from 'typeorm';
import { dataSourceOptions } from './data-source-options.js';
import { namesDone } from './migrate.js';

/** What `migrate down` would do to a database. */
export interface Reversal {
  readonly migration: string;
  /** The tables and columns that it drops, with their rows. */
  readonly losses: readonly string[];
}

/** @returns undefined if no migration has run */
export async function planReversal(databaseUrl: string): Promise<Reversal | undefined> {
  const dataSource = await new DataSource(
    dataSourceOptions(databaseUrl, 1, { kind: 'migrations' }),
  ).initialize();
  const queryRunner = dataSource.createQueryRunner();
  try {
    const name = (await namesDone(queryRunner)).at(-1);
    const migration = dataSource.migrations.find((each) => each.name === name);
    if (name === undefined) return undefined;
    if (migration === undefined)
      throw new Error(`This version does not know the migration ${name}.`);
    const statements = await rehearse(queryRunner, (runner) => migration.down(runner));
    const losses = await lossesOf(queryRunner, statements);
    return { migration: name, losses };
  } finally {
    await queryRunner.release();
    await dataSource.destroy();
  }
}

/** Runs the reads of the work, and returns its other statements without running them. */
async function rehearse(
  queryRunner: QueryRunner,
  work: (runner: QueryRunner) => Promise<unknown>,
): Promise<string[]> {
  const statements: string[] = [];
  const query = async (sql: string, parameters?: unknown[]): Promise<unknown> => {
    if (/^\s*(?:SELECT|SHOW)\b/i.test(sql)) return queryRunner.query(sql, parameters);
    statements.push(sql);
    return [];
  };
  await work({ query } as unknown as QueryRunner);
  return statements;
}

async function lossesOf(
  queryRunner: QueryRunner,
  statements: readonly string[],
): Promise<string[]> {
  const losses: string[] = [];
  for (const statement of statements) {
    const [, dropped] = /^\s*DROP TABLE (?:IF EXISTS )?(\w+)/.exec(statement) ?? [];
    const [, altered, column] = /^\s*ALTER TABLE (\w+) DROP COLUMN (\w+)/.exec(statement) ?? [];
    const table = dropped ?? altered;
    if (table === undefined) continue;
    const rows = await rowsIn(queryRunner, table);
    const what = column === undefined ? `table ${table}` : `column ${table}.${column}`;
    losses.push(`${what} (${rows} ${rows === 1 ? 'row' : 'rows'})`);
  }
  return losses;
}

async function rowsIn(queryRunner: QueryRunner, table: string): Promise<number> {
  const found = (await queryRunner.query(
    `SELECT COUNT(*) AS count FROM information_schema.tables
     WHERE table_schema = DATABASE() AND table_name = '${table}'`,
  )) as [{ readonly count: number | string }];
  // An interrupted run has dropped it already.
  if (Number(found[0].count) === 0) return 0;
  const rows = (await queryRunner.query(`SELECT COUNT(*) AS count FROM ${table}`)) as typeof found;
  return Number(rows[0].count);
}
