import type { QueryRunner } from 'typeorm';

/**
 * MySQL commits at every DDL statement, so an interrupted migration (lost connection, Ctrl-C) leaves its
 * first steps behind. Repeatable steps let the next run finish it.
 */

const COLUMN = /^\s*([a-z_]+) (?:CHAR|VARCHAR|ENUM|INT|BIGINT|TINYINT|DATETIME|MEDIUMTEXT)/gm;

/**
 * Creates a table, or accepts the one that an interrupted run has created.
 *
 * @throws if a table of that name has other columns, so that it is not ours
 */
export async function createTable(
  queryRunner: QueryRunner,
  table: string,
  definition: string,
): Promise<void> {
  await queryRunner.query(
    `CREATE TABLE IF NOT EXISTS ${table} (${definition})
       ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`,
  );
  const columns = [...definition.matchAll(COLUMN)].map(([, name]) => name);
  try {
    await queryRunner.query(`SELECT ${columns.join(', ')} FROM ${table} LIMIT 0`);
  } catch (error) {
    const message = `The table ${table} exists and was not created by Rowlock. Use a separate database.`;
    throw new Error(message, { cause: error });
  }
}

/** Adds a column, unless an interrupted run has done so. */
export async function addColumn(
  queryRunner: QueryRunner,
  table: string,
  column: string,
  definition: string,
): Promise<void> {
  if (await hasColumn(queryRunner, table, column)) return;
  await queryRunner.query(`ALTER TABLE ${table} ADD COLUMN ${column} ${definition}`);
}

/** Drops a column, unless an interrupted run has done so. */
export async function dropColumn(
  queryRunner: QueryRunner,
  table: string,
  column: string,
): Promise<void> {
  if (!(await hasColumn(queryRunner, table, column))) return;
  await queryRunner.query(`ALTER TABLE ${table} DROP COLUMN ${column}`);
}

/** Adds an index, unless an interrupted run has done so. */
export async function addIndex(
  queryRunner: QueryRunner,
  table: string,
  name: string,
  columns: string,
): Promise<void> {
  if (await hasIndex(queryRunner, table, name)) return;
  await queryRunner.query(`ALTER TABLE ${table} ADD INDEX ${name} (${columns})`);
}

/** Drops an index, unless an interrupted run has done so. */
export async function dropIndex(
  queryRunner: QueryRunner,
  table: string,
  name: string,
): Promise<void> {
  if (!(await hasIndex(queryRunner, table, name))) return;
  await queryRunner.query(`ALTER TABLE ${table} DROP INDEX ${name}`);
}

/** Changes an index's columns in one statement, because a foreign key may need the old or new index. */
export async function replaceIndex(
  queryRunner: QueryRunner,
  table: string,
  name: string,
  columns: string,
): Promise<void> {
  await queryRunner.query(
    `ALTER TABLE ${table} DROP INDEX ${name}, ADD INDEX ${name} (${columns})`,
  );
}

/** Replaces a CHECK, of the same or another name, unless an interrupted run has done so. */
export async function replaceCheck(
  queryRunner: QueryRunner,
  table: string,
  { old, name, condition }: { old: string; name: string; condition: string },
): Promise<void> {
  if (await hasConstraint(queryRunner, table, old)) {
    await queryRunner.query(`ALTER TABLE ${table} DROP CONSTRAINT ${old}`);
  }
  if (await hasConstraint(queryRunner, table, name)) return;
  await queryRunner.query(`ALTER TABLE ${table} ADD CONSTRAINT ${name} CHECK (${condition})`);
}

export interface ForeignKey {
  readonly table: string;
  readonly name: string;
  readonly column: string;
  readonly target: string;
}

/** Adds a foreign key to the target's id, unless an interrupted run has done so. */
export async function addForeignKey(queryRunner: QueryRunner, key: ForeignKey): Promise<void> {
  if (await hasConstraint(queryRunner, key.table, key.name)) return;
  await queryRunner.query(
    `ALTER TABLE ${key.table} ADD CONSTRAINT ${key.name}
       FOREIGN KEY (${key.column}) REFERENCES ${key.target} (id)`,
  );
}

/** Drops a foreign key, unless an interrupted run has done so. */
export async function dropForeignKey(queryRunner: QueryRunner, key: ForeignKey): Promise<void> {
  if (!(await hasConstraint(queryRunner, key.table, key.name))) return;
  await queryRunner.query(`ALTER TABLE ${key.table} DROP FOREIGN KEY ${key.name}`);
}

async function hasConstraint(
  queryRunner: QueryRunner,
  table: string,
  name: string,
): Promise<boolean> {
  const rows = (await queryRunner.query(
    `SELECT 1 FROM information_schema.table_constraints
      WHERE constraint_schema = DATABASE() AND table_name = ? AND constraint_name = ?`,
    [table, name],
  )) as unknown[];
  return rows.length > 0;
}

async function hasColumn(
  queryRunner: QueryRunner,
  table: string,
  column: string,
): Promise<boolean> {
  const rows = (await queryRunner.query(
    `SELECT 1 FROM information_schema.columns
      WHERE table_schema = DATABASE() AND table_name = ? AND column_name = ?`,
    [table, column],
  )) as unknown[];
  return rows.length > 0;
}

async function hasIndex(queryRunner: QueryRunner, table: string, name: string): Promise<boolean> {
  const rows = (await queryRunner.query(
    `SELECT 1 FROM information_schema.statistics
      WHERE table_schema = DATABASE() AND table_name = ? AND index_name = ?`,
    [table, name],
  )) as unknown[];
  return rows.length > 0;
}
