import { uuidV7 } from './uuid-v7.js';

/** The first 12 bits after the version count parts of a millisecond (RFC 9562 §6.2, method 3). */
const TICKS = 4_096;
const VERSION_AT = 14;

/**
 * Makes ids that are ordered: by the given time, then as they are taken. Their last 62 bits are random. Under the
 * lock of a section and with the time of the database, "newest" so means the same on every instance.
 *
 * @param microseconds since the epoch
 */
export function idsFrom(microseconds: number): () => string {
  let time = Math.floor(microseconds / 1_000);
  let tick = Math.floor(((microseconds % 1_000) * TICKS) / 1_000);
  return () => {
    if (tick === TICKS) {
      time += 1;
      tick = 0;
    }
    const id = uuidV7(time);
    const digits = tick.toString(16).padStart(3, '0');
    tick += 1;
    return `${id.slice(0, VERSION_AT + 1)}${digits}${id.slice(VERSION_AT + 4)}`;
  };
}
