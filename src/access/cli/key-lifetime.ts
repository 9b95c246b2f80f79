const DAY_MS = 86_400_000;
const DAYS_MAX = 3_650;

/** An expiry that cannot be parsed or is out of range. */
export class DayError extends Error {}

/**
 * When a key expires: at the end of the given day (UTC), or the given number of days from now.
 *
 * @param text `2027-01-31` or `90d`
 * @throws {DayError}
 */
export function expiryOf(text: string, now: Date): Date {
  const days = /^(\d{1,4})d$/.exec(text)?.[1];
  const at = days === undefined ? endOf(text) : new Date(now.getTime() + Number(days) * DAY_MS);
  if (at <= now) throw new DayError('--expires is in the past.');
  if (at.getTime() > now.getTime() + DAYS_MAX * DAY_MS) {
    throw new DayError(
      `--expires is more than ${DAYS_MAX} days away. Omit it for a key that never expires.`,
    );
  }
  return at;
}

function endOf(day: string): Date {
  const midnight = new Date(`${day}T00:00:00Z`);
  const isDay = !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
  if (/^\d{4}-\d\d-\d\d$/.test(day) && isDay) return new Date(midnight.getTime() + DAY_MS);
  throw new DayError('--expires must be a date (2027-01-31) or a number of days (90d).');
}
