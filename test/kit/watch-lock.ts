import { connectTo } from './connect.js';

/** How often somebody else had the lock, and for how long he waited at the most. */
export interface LockWatched {
  readonly times: number;
  readonly longestMs: number;
}

/**
 * Wants a section's row, again and again, as a booking would, until it is over.
 *
 * @param databaseUrl as of `assertInvariants`
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
