import { parseArgs } from 'node:util';
import { SCOPES, type TransactionRunner } from '../../platform/index.js';
import { DayError, expiryOf } from './expiry.js';
import { KeyAdministration, KeyNotFoundError } from './key-administration.js';
import { keyTable } from './key-table.js';

const EVERY_SCOPE = 'all';

export const USAGE = `Usage: npm run keys -- <create | list | revoke>

  create --organiser NAME --name NAME --scopes SCOPES [--expires WHEN]
      Makes an API key and shows it, once. An organiser that is new is made as well.
      SCOPES   separated by commas, or "${EVERY_SCOPE}":
               ${SCOPES.join(', ')}
      WHEN     a day (2027-01-31) or a number of days (90d); without it the key never expires

  list
      All keys: whose they are, what they may do, when they were used last.

  revoke KEY_ID
      From then on (within seconds, on every instance) the key opens nothing.

The database is that of DATABASE_URL, or else the embedded one, also while the service runs.`;

/** Somebody has asked for something that there is not; the message says what there is. */
export class UsageError extends Error {}

/**
 * Carries out one command line.
 *
 * @returns what is to be printed
 * @throws {UsageError} if it cannot be understood
 */
export async function runKeys(
  args: readonly string[],
  transactions: TransactionRunner,
  now: Date,
): Promise<string> {
  const [verb, ...rest] = args;
  const keys = new KeyAdministration(transactions);
  if (verb === 'create') return create(keys, rest, now);
  if (verb === 'revoke') return revoke(keys, rest, now);
  if (verb === 'list') return keyTable(await keys.list(), now);
  throw new UsageError(USAGE);
}

async function create(
  keys: KeyAdministration,
  args: readonly string[],
  now: Date,
): Promise<string> {
  const { organiser, name, scopes, expires } = optionsOf(args);
  const wanted = {
    organiserName: required('organiser', organiser),
    name: required('name', name),
    scopes: scopesOf(required('scopes', scopes)),
    expiresAt: expires === undefined ? null : expiryOr(expires, now),
  };
  const token = await keys.create(wanted, now);
  return `${token}\n\nThis is the only time that it is shown: keep it like a password.`;
}

async function revoke(
  keys: KeyAdministration,
  args: readonly string[],
  now: Date,
): Promise<string> {
  const [id, ...more] = args;
  if (id === undefined || more.length > 0) throw new UsageError('Which key? npm run keys -- list');
  try {
    await keys.revoke(id, now);
  } catch (error) {
    if (error instanceof KeyNotFoundError) throw new UsageError(error.message);
    throw error;
  }
  return `The key ${id} is revoked.`;
}

function optionsOf(args: readonly string[]) {
  const option = { type: 'string' } as const;
  const options = { organiser: option, name: option, scopes: option, expires: option };
  try {
    return parseArgs({ args: [...args], options, strict: true }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${USAGE}`);
  }
}

function required(name: string, value: string | undefined): string {
  const text = value?.trim() ?? '';
  if (text !== '' && text.length <= 200) return text;
  throw new UsageError(`--${name} is needed (200 characters at the most).\n\n${USAGE}`);
}

function scopesOf(text: string): readonly string[] {
  if (text === EVERY_SCOPE) return SCOPES;
  const named = [...new Set(text.split(',').map((scope) => scope.trim()))];
  const unknown = named.filter((scope) => !(SCOPES as readonly string[]).includes(scope));
  if (unknown.length === 0) return named;
  throw new UsageError(
    `There is no scope ${unknown.join(', ')}. There are: ${SCOPES.join(', ')}; or ${EVERY_SCOPE}.`,
  );
}

function expiryOr(text: string, now: Date): Date {
  try {
    return expiryOf(text, now);
  } catch (error) {
    if (error instanceof DayError) throw new UsageError(error.message);
    throw error;
  }
}
