import type { Change, Query } from './statement.js';
import type { Transaction, WriteResult } from './transaction.js';
import { StaleReadError } from './transaction-errors.js';

/** Rows of one packet: far below max_allowed_packet (16 MiB on MariaDB) with our widest rows. */
const ROWS_PER_PACKET = 10_000;

type Questions<Answers extends readonly unknown[]> = {
  readonly [Index in keyof Answers]: Query<Answers[Index]>;
};

/**
 * Asks several questions in one round trip, in their order: what the first one locks, the next ones
 * see as it stands under the lock.
 */
export async function queryAll<const Answers extends readonly unknown[]>(
  tx: Transaction,
  questions: Questions<Answers>,
): Promise<Answers> {
  const all = questions as readonly Query<unknown>[];
  const statements = all.flatMap((one) => one.statement ?? []);
  const results = statements.length === 0 ? [] : await tx.send(statements);
  let next = 0;
  const answers = all.map((one) =>
    one.read(one.statement === undefined ? [] : (results[next++] as never[])),
  );
  return answers as unknown as Answers;
}

/**
 * Makes changes in as few round trips as their size allows, in their order.
 *
 * @throws {StaleReadError} if one of them finds that another transaction was there first
 * @throws {Error} if one that must meet certain rows did not
 */
export async function executeAll(tx: Transaction, changes: readonly Change[]): Promise<void> {
  for (const packet of packetsOf(changes)) await writePacket(tx, packet);
}

async function writePacket(tx: Transaction, packet: readonly Change[]): Promise<void> {
  const results = (await tx.send(packet).catch((error: unknown) => {
    throw packet.some((change) => change.isOvertaken?.(error)) ? new StaleReadError(error) : error;
  })) as readonly WriteResult[];
  for (const [index, { sql, rows, isExact }] of packet.entries()) {
    const { affectedRows } = results[index]!;
    if (!isExact || affectedRows === rows) continue;
    throw new Error(`${sql.slice(0, 40)}… met ${affectedRows} rows instead of ${rows}`);
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
