import { isLive, type StoredKey } from '../stored-key.js';

const HEAD = ['KEY', 'ORGANISER', 'NAME', 'SCOPES', 'VALID UNTIL (UTC)', 'LAST USED', 'STATE'];

/** Formats keys as a table for people. */
export function keyTable(keys: readonly StoredKey[], now: Date): string {
  if (keys.length === 0) return 'No keys yet. Create one: npm run keys -- create --help';
  const rows = [HEAD, ...keys.map((key) => cellsOf(key, now))];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) => row.map((cell, column) => cell.padEnd(widths[column]!)).join('  '))
    .map((line) => line.trimEnd())
    .join('\n');
}

const cellsOf = (key: StoredKey, now: Date): string[] => [
  key.id,
  key.organiserName,
  key.name,
  key.scopes.replaceAll(' ', ','),
  key.expiresAt === null ? '-' : goodUntil(key.expiresAt),
  dayOf(key.lastUsedAt),
  stateOf(key, now),
];

/** The last minute it is valid, in UTC: midnight would name the following day. */
export const goodUntil = (expiresAt: Date): string =>
  new Date(expiresAt.getTime() - 1).toISOString().slice(0, 16).replace('T', ' ');

const dayOf = (time: Date | null): string => time?.toISOString().slice(0, 10) ?? '-';

function stateOf(key: StoredKey, now: Date): string {
  if (key.revokedAt !== null) return 'revoked';
  return isLive(key, now) ? 'live' : 'expired';
}
