import { type Clock, idsFrom } from '../common/index.js';
import { defineQuery, type Query } from './statement.js';

/** A moment by the clock of the database. */
export interface Moment {
  readonly now: Date;
  /** Ids that are ordered: by this moment, then as they are taken. */
  readonly newId: () => string;
}

interface Row {
  /** BIGINTs arrive as strings. */
  readonly microseconds: string | number;
}

/**
 * The moment at which the server comes to this statement. Behind a lock in the same packet it costs no round trip,
 * and is later than the wait for the lock; SYSDATE, because NOW can be that of the packet.
 */
export const readMoment = (clock: Clock): Query<Moment> =>
  defineQuery(
    'SELECT CAST(UNIX_TIMESTAMP(SYSDATE(6)) * 1000000 AS UNSIGNED) AS microseconds',
    [],
    ([row]: readonly Row[]) => {
      const microseconds = Number(row!.microseconds);
      const now = clock.now(new Date(Math.floor(microseconds / 1_000)));
      return { now, newId: idsFrom(now.getTime() * 1_000 + (microseconds % 1_000)) };
    },
  );

/** The time of a read, in the session's time zone, UTC: one column of its statement. */
export const READ_AT = 'UTC_TIMESTAMP(3) AS readAt';
