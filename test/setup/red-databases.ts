import { appendFileSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import mysql from 'mysql2/promise';

/** Emptied at the start of the next run. */
export const RED_FOLDER = join(__dirname, '../../.data/red-tests');

/** The most that one run leaves behind, and the most of one table. */
const BYTES_MAX = 40 * 1024 * 1024;
const TABLE_BYTES_MAX = 5 * 1024 * 1024;
const ROWS_EACH = 200;

/** Dumps a database as SQL that any MySQL or MariaDB understands, and returns the file. */
export async function writeDump(connection: mysql.Connection, name: string): Promise<string> {
  mkdirSync(RED_FOLDER, { recursive: true });
  const file = join(RED_FOLDER, `${name}.sql`);
  const rows = async <Row>(sql: string) => (await connection.query(sql))[0] as Row[];
  const tables = await rows<{ name: string }>(
    `SELECT TABLE_NAME AS name FROM information_schema.TABLES
      WHERE TABLE_SCHEMA = '${name}' AND TABLE_TYPE = 'BASE TABLE'`,
  );
  appendFileSync(file, 'SET foreign_key_checks = 0;\n');
  for (const { name: table } of tables) {
    const [made] = await rows<{ 'Create Table': string }>(`SHOW CREATE TABLE ${name}.${table}`);
    appendFileSync(file, `\n${made!['Create Table']};\n`);
    const from = `FROM ${name}.${table}`;
    await appendRows(file, table, (offset) =>
      rows(`SELECT * ${from} ORDER BY 1 LIMIT ${ROWS_EACH} OFFSET ${offset}`),
    );
  }
  return file;
}

type Read = (offset: number) => Promise<object[]>;

async function appendRows(file: string, table: string, read: Read): Promise<void> {
  const end = Math.min(statSync(file).size + TABLE_BYTES_MAX, statSync(file).size + bytesLeft());
  for (let offset = 0; ; offset += ROWS_EACH) {
    const rows = await read(offset);
    if (rows.length === 0) return;
    if (statSync(file).size > end) {
      return appendFileSync(file, `-- ${table} has more rows, left out to keep this file small\n`);
    }
    const columns = Object.keys(rows[0]!).map((column) => mysql.escapeId(column));
    const values = rows.map((row) => mysql.escape([Object.values(row)], false, 'Z')).join(',\n');
    appendFileSync(file, `INSERT INTO ${table} (${columns.join(', ')}) VALUES\n${values};\n`);
  }
}

function bytesLeft(): number {
  const files = readdirSync(RED_FOLDER).map((name) => statSync(join(RED_FOLDER, name)).size);
  return Math.max(0, BYTES_MAX - files.reduce((sum, size) => sum + size, 0));
}
