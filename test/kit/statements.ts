import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { ConnectionLease } from '../../src/platform/database/connection-lease.js';
import { ReadPool } from '../../src/platform/database/index.js';
import { PeriodicWorkers } from '../../src/platform/workers/index.js';

/** A packet as the application sent it: one statement, or several that travel together. */
export interface Sent {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

type Change = (sent: Sent) => string | Promise<string>;

/** From now on, sends each packet of the application as `change` returns it, and when it does. */
export function changePackets(app: NestFastifyApplication, change: Change): void {
  changeReads(app.get(ReadPool).dataSource, change);
  for (const dataSource of [app.get(DataSource), app.get(ReadPool).dataSource]) {
    const create = dataSource.createQueryRunner.bind(dataSource);
    dataSource.createQueryRunner = (mode) => {
      const runner = create(mode);
      const query = runner.query.bind(runner);
      runner.query = async (sql: string, parameters: readonly unknown[] = []) =>
        query(await change({ sql, parameters }), [...parameters]);
      return runner;
    };
  }
}

/** Reads bypass the query runner. */
function changeReads(reads: DataSource, change: Change): void {
  const query = Reflect.get(ConnectionLease.prototype, 'query');
  ConnectionLease.prototype.query = async function changed<Row>(
    this: ConnectionLease,
    sql: string,
    parameters: readonly unknown[],
  ): Promise<Row[]> {
    const isOfThisApp = this.queryRunner.dataSource === reads;
    const now = isOfThisApp ? await change({ sql, parameters }) : sql;
    return query.call(this, now, parameters) as Promise<Row[]>;
  };
}

/**
 * Records every packet of the application from now on; each is one round trip. Stops the periodic
 * workers.
 *
 * @returns the list, which grows; clear it to start anew
 */
export async function recordStatements(app: NestFastifyApplication): Promise<Sent[]> {
  await app.get(PeriodicWorkers).stop();
  const sent: Sent[] = [];
  changePackets(app, (packet) => {
    sent.push(packet);
    return packet.sql;
  });
  return sent;
}

/** The statements of a packet, which are separated by line breaks. */
export const statementsOf = ({ sql }: Sent): string[] => sql.split(';\n');

/** The statements of a packet, by kind and table: `SELECT sections FOR UPDATE`. */
export const summariesOf = (sent: Sent): string[] => statementsOf(sent).map(summaryOf);

function summaryOf(sql: string): string {
  const [verb] = /[A-Z]+/.exec(sql) ?? [sql];
  const table = /\b(?:FROM|INTO|UPDATE)\s+(\w+)/.exec(sql)?.[1];
  if (table === undefined) return sql;
  return `${verb} ${table}${sql.endsWith('FOR UPDATE') ? ' FOR UPDATE' : ''}`;
}
