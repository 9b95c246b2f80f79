import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { ConnectionLease } from '../../src/platform/database/connection-lease.js';
import { ReadPool } from '../../src/platform/database/index.js';
import { PeriodicWorkers } from '../../src/platform/workers/index.js';

/** A packet as the application sent it: one statement, or several that travel together. */
export interface Sent {
  readonly sql: string;
}

/** From now on, sends each packet of the application as `change` returns it, and when it does. */
export function changePackets(
  app: NestFastifyApplication,
  change: (sent: Sent) => string | Promise<string>,
): void {
  const own = new Set([app.get(DataSource), app.get(ReadPool).dataSource]);
  const query = Reflect.get(ConnectionLease.prototype, 'query');
  ConnectionLease.prototype.query = async function changed<Result>(
    this: ConnectionLease,
    sql: string,
  ): Promise<Result> {
    return query.call(
      this,
      own.has(this.dataSource) ? await change({ sql }) : sql,
    ) as Promise<Result>;
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
