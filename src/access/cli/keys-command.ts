import { parseArgs } from 'node:util';
import { type Scope, SCOPES, type TransactionRunner } from '../../platform/index.js';
import { DayError, expiryOf } from './expiry.js';
import {
  KeyAdministration,
  KeyNotFoundError,
  type MadeKey,
  type WantedKey,
} from './key-administration.js';
import { keyTable } from './key-table.js';

const EVERY_SCOPE = 'all';
/** For who operates the service: its numbers are those of all organisers. */
const NOT_OF_ALL: Scope = 'metrics:read';

export const USAGE = `Usage: npm run keys -- <create | list | revoke>

  create --organiser NAME --name NAME --scopes SCOPES [--expires WHEN]
      Makes an API key and shows it, once. An organiser that is new is made as well.
      Only the key goes to standard output: npm run -s keys -- create … > shop.key
      SCOPES   separated by commas, or "${EVERY_SCOPE}", which is all of these but ${NOT_OF_ALL}:
               ${SCOPES.join(', ')}
      WHEN     a day (2027-01-31) or a number of days (90d); without it the key never expires

  list
      All keys: whose they are, what they may do, when they were used last.

  revoke KEY_ID
      From then on (within seconds, on every instance) the key opens nothing.

The database is that of DATABASE_URL, or else the embedded one, also while the service runs.`;

/** Somebody has asked for something that there is not; the message says what there is. */
export class UsageError extends Error {}

/** What a command has to say. */
export interface Said {
  /** For programs: what was asked for. */
  readonly answer: string;
  /** For people, beside it. */
  readonly note?: string;
}

/**
 * Carries out one command line.
 *
 * @throws {UsageError} if it cannot be understood
 */
export async function runKeys(
  args: readonly string[],
  transactions: TransactionRunner,
  now: Date,
): Promise<Said> {
  const [verb, ...rest] = args;
  const keys = new KeyAdministration(transactions);
  if (verb === 'create') return create(keys, rest, now);
  if (verb === 'revoke') return revoke(keys, rest, now);
  if (verb === 'list') return { answer: keyTable(await keys.list(), now) };
  throw new UsageError(USAGE);
}

async function create(keys: KeyAdministration, args: readonly string[], now: Date): Promise<Said> {
  const { organiser, name, scopes, expires } = optionsOf(args);
  const wanted = {
    organiserName: required('organiser', organiser),
    name: required('name', name),
    scopes: scopesOf(required('scopes', scopes)),
    expiresAt: expires === undefined ? null : expiryOr(expires, now),
  };
  const made = await keys.create(wanted, now);
  return { answer: made.token, note: factsOf(made, wanted) };
}

const factsOf = ({ id, isOrganiserNew }: MadeKey, wanted: WantedKey): string =>
  `Key        ${id} (${wanted.name})
Organiser  ${wanted.organiserName} (${isOrganiserNew ? 'new' : 'known already'})
Scopes     ${wanted.scopes.join(', ')}
Expires    ${wanted.expiresAt?.toISOString() ?? 'never'}
This is the only time that the key is shown: keep it like a password.`;

async function revoke(keys: KeyAdministration, args: readonly string[], now: Date): Promise<Said> {
  const [id, ...more] = args;
  if (id === undefined || more.length > 0) throw new UsageError('Which key? npm run keys -- list');
  try {
    await keys.revoke(id, now);
  } catch (error) {
    if (error instanceof KeyNotFoundError) throw new UsageError(error.message);
    throw error;
  }
  return { answer: `The key ${id} is revoked.` };
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
  if (text === EVERY_SCOPE) return SCOPES.filter((scope) => scope !== NOT_OF_ALL);
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
