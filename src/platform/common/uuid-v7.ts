import { randomFillSync } from 'node:crypto';

const BYTES_PER_TAIL = 10;
const DIGITS_PER_TAIL = 2 * BYTES_PER_TAIL;
const pool = Buffer.allocUnsafe(512 * BYTES_PER_TAIL);
let tails = '';
let used = 0;

/** What follows the time in an id, as 20 digits; one system call serves 512 ids. */
function nextTail(): string {
  if (used === tails.length) {
    randomFillSync(pool);
    for (let start = 0; start < pool.length; start += BYTES_PER_TAIL) {
      pool[start] = (pool[start]! & 0x0f) | 0x70;
      pool[start + 2] = (pool[start + 2]! & 0x3f) | 0x80;
    }
    tails = pool.toString('hex');
    used = 0;
  }
  used += DIGITS_PER_TAIL;
  return tails.slice(used - DIGITS_PER_TAIL, used);
}

let lastTime = -1;
let lastHead = '';

/** Ids of the same millisecond share it. */
function headOf(time: number): string {
  if (time === lastTime) return lastHead;
  const digits = time.toString(16).padStart(12, '0');
  lastTime = time;
  lastHead = `${digits.slice(0, 8)}-${digits.slice(8)}-`;
  return lastHead;
}

/**
 * A UUID version 7 (RFC 9562 §5.7): 48 bits of Unix milliseconds, so that rows are inserted at the
 * end of the clustered index, then 74 random bits. All of them are random: libraries that count up
 * within a millisecond make the neighbour of a known id easy to guess.
 *
 * @param now milliseconds since the epoch
 */
export function uuidV7(now: number = Date.now()): string {
  const tail = nextTail();
  return `${headOf(now)}${tail.slice(0, 4)}-${tail.slice(4, 8)}-${tail.slice(8)}`;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a text has the form of an id; ids themselves are compared in lower case. */
export const isUuid = (text: string): boolean => UUID.test(text);
