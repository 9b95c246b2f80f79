import { connectTo } from './connect.js';

/** How often the lock was taken, and the longest wait for it. */
export interface LockWatched {
  readonly times: number;
  readonly longestMs: number;
}

/**
 * Locks a section's row again and again, as bookings do, until `isOver`.
 *
 * @param databaseUrl as for `assertInvariants`
 */
export async function watchLock(
  databaseUrl: string,
  sectionId: string,
  isOver: () => boolean,
): Promise<LockWatched> {
  const connection = await connectTo(databaseUrl);
  let [times, longestMs] = [0, 0];
  while (!isOver()) {
    await connection.query('START TRANSACTION');
    const asked = performance.now();
    await connection.query('SELECT available FROM sections WHERE id = ? FOR UPDATE', [sectionId]);
    longestMs = Math.max(longestMs, performance.now() - asked);
    await connection.query('ROLLBACK');
    times += 1;
  }
  await connection.end();
  return { times, longestMs };
}
