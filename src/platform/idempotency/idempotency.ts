import {
  databaseErrorFacts,
  isDuplicateKey,
  insertRows,
  constantQuery,
  type Change,
  type Query,
  defineQuery,
  queryAll,
  executeAll,
  type Transaction,
} from '../database/index.js';
import { DomainError } from '../errors/index.js';
import { Replayable } from './replayable.js';

/** A client's name for one attempt at one change, as digests. */
export interface IdempotencyKey {
  /** Of who asks, which route, and the key. */
  readonly id: string;
  /** Of the address and the body. */
  readonly fingerprint: string;
}

/** An attempt that has been made: its claim, and what it came to. */
export interface StoredResult {
  readonly key: IdempotencyKey;
  /** Anything that JSON can carry. */
  readonly result: unknown;
}

interface StoredKey {
  readonly id: string;
  readonly fingerprint: string;
  readonly result: string;
}

/** Finds those attempts that have been made before, by claim id. */
export function findStoredResults(
  claims: readonly IdempotencyKey[],
): Query<Map<string, StoredResult>> {
  if (claims.length === 0) return constantQuery(new Map<string, StoredResult>());
  return defineQuery(
    'SELECT id, fingerprint, result FROM idempotency_keys WHERE id IN (?)',
    [claims.map((claim) => claim.id)],
    (rows: readonly StoredKey[]) =>
      new Map(
        rows.map(({ id, fingerprint, result }) => [
          id,
          { key: { id, fingerprint }, result: JSON.parse(result) as unknown },
        ]),
      ),
  );
}

/**
 * Remembers attempts, in the transaction of the change they made: key and change are there together
 * or not at all. Overtaken if another transaction remembered one of them in between.
 */
export function storeResults(attempts: readonly StoredResult[], now: Date): Change[] {
  const rows = attempts
    .map(({ key: claim, result }) => [claim.id, claim.fingerprint, JSON.stringify(result), now])
    // In one order, so that two batches with the same keys wait in line and not in a circle.
    .sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
  const columns = ['id', 'fingerprint', 'result', 'created_at'];
  return insertRows('idempotency_keys', columns, rows, isSecondKey);
}

/** Remembers another result of an attempt, which has gone on after its change. */
export const replaceStoredResult = ({ key: claim, result }: StoredResult): Change => ({
  sql: 'UPDATE idempotency_keys SET result = ? WHERE id = ?',
  parameters: [JSON.stringify(result), claim.id],
  rows: 1,
  isExact: false,
});

/** MariaDB calls every primary key `PRIMARY`; that it is ours is seen by the digest in the message. */
const isSecondKey = (error: unknown): boolean =>
  isDuplicateKey(error) && DUPLICATE_DIGEST.test(databaseErrorFacts(error)!.message);

const DUPLICATE_DIGEST = /'[\w-]{43}' for key '(?:idempotency_keys\.)?PRIMARY'/;

/**
 * Does work once for a claim: an attempt that was made before gets its answer again.
 *
 * @throws {DomainError} `idempotency_key_reused` if that attempt was for something else
 */
export async function runOnce<Body>(
  { tx, claim, now }: { tx: Transaction; claim: IdempotencyKey | undefined; now: Date },
  work: () => Promise<Body>,
): Promise<Replayable<Body>> {
  if (claim === undefined) return new Replayable(await work(), false);
  const [known] = await queryAll(tx, [findStoredResults([claim])]);
  const earlier = known.get(claim.id);
  if (earlier === undefined) {
    const body = await work();
    await executeAll(tx, storeResults([{ key: claim, result: body }], now));
    return new Replayable(body, false);
  }
  if (earlier.key.fingerprint !== claim.fingerprint) throw idempotencyKeyReused();
  return new Replayable(earlier.result as Body, true);
}

export const idempotencyKeyReused = (): DomainError => new DomainError('idempotency_key_reused');
