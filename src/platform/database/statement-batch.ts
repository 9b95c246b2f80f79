import type { Change, Query } from './statement.js';
import type { Transaction, WriteResult } from './transaction.js';
import { StaleReadError } from './transaction-errors.js';

/** Rows per packet: far below max_allowed_packet (16 MiB on MariaDB), with the outbox row of the largest batch. */
const ROWS_PER_PACKET = 10_000;

type Queries<Results extends readonly unknown[]> = {
  readonly [Index in keyof Results]: Query<Results[Index]>;
};

/**
 * Runs several queries in one round trip, in order: rows that the first one locks are read by the later
 * ones under that lock.
 */
export async function queryAll<const Results extends readonly unknown[]>(
  tx: Transaction,
  queries: Queries<Results>,
): Promise<Results> {
  const all = queries as readonly Query<unknown>[];
  const statements = all.flatMap((one) => one.statement ?? []);
  const results = statements.length === 0 ? [] : await tx.send(statements);
  let next = 0;
  return all.map(({ statement, read }) =>
    read(statement === undefined ? [] : (results[next++] as never[])),
  ) as unknown as Results;
}

/**
 * Executes changes in order, in as few round trips as their size allows.
 *
 * @throws {StaleReadError} if another transaction was faster
 * @throws {Error} if a change did not affect exactly the rows that it must
 */
export async function executeAll(tx: Transaction, changes: readonly Change[]): Promise<void> {
  for (const packet of packetsOf(changes)) await writePacket(tx, packet);
}

async function writePacket(tx: Transaction, packet: readonly Change[]): Promise<void> {
  const results = (await tx.send(packet).catch((error: unknown) => {
    throw packet.some((change) => change.isStaleRead?.(error)) ? new StaleReadError(error) : error;
  })) as readonly WriteResult[];
  for (const [index, { sql, rows, isExact }] of packet.entries()) {
    const { affectedRows } = results[index]!;
    if (!isExact || affectedRows === rows) continue;
    throw new Error(`${sql.slice(0, 40)}… affected ${affectedRows} rows instead of ${rows}`);
  }
}

function packetsOf(changes: readonly Change[]): Change[][] {
  const packets: Change[][] = [];
  let room = 0;
  for (const change of changes) {
    if (packets.length === 0 || change.rows > room) {
      packets.push([]);
      room = ROWS_PER_PACKET;
    }
    packets.at(-1)!.push(change);
    room -= change.rows;
  }
  return packets;
}
