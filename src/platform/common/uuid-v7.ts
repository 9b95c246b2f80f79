import { randomFillSync } from 'node:crypto';

const POOL_SIZE = 128;
const BYTES_PER_ID = 10;
const pool = Buffer.allocUnsafe(POOL_SIZE * BYTES_PER_ID);
let used = POOL_SIZE;

/** Ten fresh random bytes, from a pool: one system call serves 128 ids. */
function randomBytes(): Buffer {
  if (used === POOL_SIZE) {
    randomFillSync(pool);
    used = 0;
  }
  const start = used * BYTES_PER_ID;
  used += 1;
  return pool.subarray(start, start + BYTES_PER_ID);
}

/**
 * A UUID version 7 (RFC 9562 §5.7): 48 bits of Unix milliseconds, so that rows are inserted at the
 * end of the clustered index, then 74 random bits. All of them are random: libraries that count up
 * within a millisecond make the neighbour of a known id easy to guess.
 *
 * @param now milliseconds since the epoch
 */
export function uuidV7(now: number = Date.now()): string {
  const random = randomBytes();
  random[0] = (random[0]! & 0x0f) | 0x70;
  random[2] = (random[2]! & 0x3f) | 0x80;
  const time = now.toString(16).padStart(12, '0');
  const tail = random.toString('hex');
  return `${time.slice(0, 8)}-${time.slice(8)}-${tail.slice(0, 4)}-${tail.slice(4, 8)}-${tail.slice(8)}`;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a text has the form of an id; ids themselves are compared in lower case. */
export const isUuid = (text: string): boolean => UUID.test(text);
