import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';

/** A statement as the application sent it. */
export interface Sent {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/**
 * Writes down every statement of the application from now on. Each is one round trip.
 *
 * @returns the list, which grows; empty it to start anew
 */
export function recordStatements(app: NestFastifyApplication): Sent[] {
  const sent: Sent[] = [];
  const dataSource = app.get(DataSource);
  const create = dataSource.createQueryRunner.bind(dataSource);
  dataSource.createQueryRunner = (mode) => {
    const runner = create(mode);
    const query = runner.query.bind(runner);
    runner.query = (sql: string, parameters: readonly unknown[] = []) => {
      sent.push({ sql, parameters });
      return query(sql, [...parameters]);
    };
    return runner;
  };
  return sent;
}

/** What a statement does to which table: `SELECT sections FOR UPDATE`. */
export function summaryOf({ sql }: Sent): string {
  const [verb] = /[A-Z]+/.exec(sql) ?? [sql];
  const table = /\b(?:FROM|INTO|UPDATE)\s+(\w+)/.exec(sql)?.[1];
  if (table === undefined) return sql;
  return `${verb} ${table}${sql.endsWith('FOR UPDATE') ? ' FOR UPDATE' : ''}`;
}
