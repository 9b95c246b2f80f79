import { randomBytes } from 'node:crypto';
import {
  databaseErrorFacts,
  deleteRows,
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

/** An idempotency key and its request, as digests. */
export interface IdempotencyKey {
  /** Of the organiser, the route and the key. */
  readonly id: string;
  /** Of the URL and the body. */
  readonly fingerprint: string;
}

/** The result of an earlier request with an idempotency key. */
export interface StoredResult {
  readonly key: IdempotencyKey;
  /** Any value that JSON can represent. */
  readonly result: unknown;
}

interface StoredKey {
  readonly id: string;
  readonly fingerprint: string;
  readonly result: string;
}

/** Finds the stored results of these keys, by key id. */
export function findStoredResults(
  keys: readonly IdempotencyKey[],
): Query<Map<string, StoredResult>> {
  if (keys.length === 0) return constantQuery(new Map<string, StoredResult>());
  return defineQuery(
    'SELECT id, fingerprint, result FROM idempotency_keys WHERE id IN (?)',
    [keys.map(({ id }) => id)],
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
 * Stores results in the transaction of their change: both are committed, or neither. Overtaken if another
 * transaction stored one of the keys in the meantime.
 */
export function storeResults(stored: readonly StoredResult[], now: Date): Change[] {
  const rows = stored
    .map(({ key, result }) => [key.id, key.fingerprint, JSON.stringify(result), now])
    // In a fixed order, so that two batches with the same keys cannot deadlock.
    .sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
  const columns = ['id', 'fingerprint', 'result', 'created_at'];
  return insertRows('idempotency_keys', columns, rows, isSecondKey);
}

/** More than InnoDB gives to a table at once, so that a full disk cannot take it. */
const PASSING_BYTES = 1_100_000;

/** Stores a large result under a key that nobody has, changes and deletes it: writes that leave nothing behind. */
export function passingResult(now: Date): Change[] {
  const id = randomBytes(32).toString('base64url');
  const key = { id, fingerprint: id };
  return [
    ...storeResults([{ key, result: 'x'.repeat(PASSING_BYTES) }], now),
    replaceStoredResult({ key, result: 'y' }),
    ...deleteRows('idempotency_keys', 'id', [id]),
  ];
}

/** Replaces a result after the request has continued beyond its first change. */
export const replaceStoredResult = ({ key, result }: StoredResult): Change => ({
  sql: 'UPDATE idempotency_keys SET result = ? WHERE id = ?',
  parameters: [JSON.stringify(result), key.id],
  rows: 1,
  isExact: false,
});

/** MariaDB calls every primary key `PRIMARY`; the digest in the message shows that it is this one. */
const isSecondKey = (error: unknown): boolean =>
  isDuplicateKey(error) && DUPLICATE_DIGEST.test(databaseErrorFacts(error)!.message);

const DUPLICATE_DIGEST = /'[\w-]{43}' for key '(?:idempotency_keys\.)?PRIMARY'/;

/**
 * Does the work once per idempotency key; a repeated request gets the stored result.
 *
 * @throws {DomainError} `idempotency_key_reused` if the key was used with another request
 */
export async function runOnce<Body>(
  { tx, key, now }: { tx: Transaction; key: IdempotencyKey | undefined; now: Date },
  work: () => Promise<Body>,
): Promise<Replayable<Body>> {
  if (key === undefined) return new Replayable(await work(), false);
  const [known] = await queryAll(tx, [findStoredResults([key])]);
  const earlier = known.get(key.id);
  if (earlier === undefined) {
    const body = await work();
    await executeAll(tx, storeResults([{ key, result: body }], now));
    return new Replayable(body, false);
  }
  if (earlier.key.fingerprint !== key.fingerprint) throw idempotencyKeyReused();
  return new Replayable(earlier.result as Body, true);
}

export const idempotencyKeyReused = (): DomainError => new DomainError('idempotency_key_reused');
