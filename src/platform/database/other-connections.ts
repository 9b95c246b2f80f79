import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource, type QueryRunner } from 'typeorm';
import { dataSourceOptions } from './data-source-options.js';

/** The other users of a database, which are its instances as a rule. */
export interface OtherConnections {
  /** Like `rowlock_service@10.0.0.7`, each once. */
  readonly users: readonly string[];
  /** Without the privilege PROCESS, a database user sees only its own connections. */
  readonly areAllSeen: boolean;
}

/** A connection that was closed a moment ago may still be listed. */
const ATTEMPTS = 5;
const PAUSE_MS = 200;

export async function otherConnections(databaseUrl: string): Promise<OtherConnections> {
  const dataSource = await new DataSource(
    dataSourceOptions(databaseUrl, 1, { kind: 'migrations' }),
  ).initialize();
  const queryRunner = dataSource.createQueryRunner();
  try {
    const areAllSeen = await hasProcessPrivilege(queryRunner);
    let users = await usersOf(queryRunner);
    for (let attempt = 1; users.length > 0 && attempt < ATTEMPTS; attempt += 1) {
      await sleep(PAUSE_MS);
      users = await usersOf(queryRunner);
    }
    return { users, areAllSeen };
  } finally {
    await queryRunner.release();
    await dataSource.destroy();
  }
}

interface ListedConnection {
  readonly Id: number | string;
  readonly User: string;
  readonly Host: string;
  readonly db: string | null;
}

async function usersOf(queryRunner: QueryRunner): Promise<string[]> {
  const [own] = (await queryRunner.query('SELECT CONNECTION_ID() AS id, DATABASE() AS name')) as [
    { readonly id: number | string; readonly name: string },
  ];
  const all = (await queryRunner.query('SHOW PROCESSLIST')) as readonly ListedConnection[];
  const others = all.filter(({ Id, db }) => db === own.name && String(Id) !== String(own.id));
  return [...new Set(others.map(({ User, Host }) => `${User}@${Host.replace(/:\d+$/, '')}`))];
}

async function hasProcessPrivilege(queryRunner: QueryRunner): Promise<boolean> {
  const grants = (await queryRunner.query('SHOW GRANTS')) as readonly Record<string, string>[];
  const lines = grants.flatMap((row) => Object.values(row));
  return lines.some((line) => /^GRANT .*\b(?:ALL PRIVILEGES|PROCESS)\b.* ON \*\.\* TO /.test(line));
}
