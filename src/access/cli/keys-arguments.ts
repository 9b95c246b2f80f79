import { parseArgs } from 'node:util';
import { SINGLE_LINE_PATTERN } from '../../platform/schema/index.js';
import { type Scope, SCOPES } from '../../platform/http/index.js';
import { isKeyId, readKey } from '../api-key.js';
import { DayError, expiryOf } from './expiry.js';
import type { WantedKey } from './key-administration.js';

const EVERY_SCOPE = 'all';
/** For who operates the service: its numbers are those of all organisers. */
const NOT_OF_ALL: Scope = 'metrics:read';
const NAME_LENGTH_MAX = 200;
const LINE = new RegExp(SINGLE_LINE_PATTERN, 'u');
const OPTIONS = ['organiser', 'name', 'scopes', 'expires'] as const;

export const USAGE = `Usage: npm run keys -- <create | list | revoke>

  create --organiser NAME --name NAME --scopes SCOPES [--expires WHEN]
      Makes an API key and shows it, once. An organiser that is new is made as well.
      SCOPES   separated by commas, or "${EVERY_SCOPE}", which is all of these but ${NOT_OF_ALL}:
               ${SCOPES.join(', ')}
      WHEN     the last day on which it is good, in UTC (2027-01-31), or a number of days
               (90d); without it the key never expires
      Only the key goes to standard output: npm run -s keys -- create … > shop.key

  list
      All keys: whose they are, what they may do, when they were used last.

  revoke KEY
      The key, or what "list" shows of it. From then on (within seconds, on every instance)
      it opens nothing.

The database is that of DATABASE_URL, or else the embedded one, also while the service runs.
It must be there already: npm start, or npm run migrate, makes it.

Exit codes: 0 it is done; 1 it could not be done; 2 an argument that there is not.`;

/** Somebody has asked for something that there is not; the message says what there is. */
export class UsageError extends Error {}

/** What somebody who types the command wants. */
export type KeysCommand =
  | { readonly verb: 'create'; readonly key: WantedKey }
  | { readonly verb: 'list' }
  | { readonly verb: 'revoke'; readonly id: string };

/**
 * Understands one command line. No message repeats an argument that may be a secret.
 *
 * @throws {UsageError}
 */
export function parseKeysArguments([verb, ...rest]: readonly string[], now: Date): KeysCommand {
  if (verb === 'create') return { verb, key: wantedKey(rest, now) };
  if (verb === 'revoke') return { verb, id: idOf(rest) };
  if (verb !== 'list') throw new UsageError(`What it does is create, list or revoke.\n\n${USAGE}`);
  if (rest.length > 0) throw new UsageError('list takes nothing more.');
  return { verb };
}

function wantedKey(args: readonly string[], now: Date): WantedKey {
  const { organiser, name, scopes, expires } = optionsOf(args);
  return {
    organiserName: nameIn('organiser', organiser),
    name: nameIn('name', name),
    scopes: scopesOf(scopes),
    expiresAt: expires === undefined ? null : expiryOr(expires, now),
  };
}

function idOf([key = '', ...more]: readonly string[]): string {
  const id = readKey(key)?.id ?? key;
  if (more.length === 0 && isKeyId(id)) return id;
  throw new UsageError('Which key? One that npm run keys -- list shows.');
}

function optionsOf(args: readonly string[]): Partial<Record<(typeof OPTIONS)[number], string>> {
  const option = { type: 'string', multiple: true } as const;
  const options = { organiser: option, name: option, scopes: option, expires: option };
  const { values } = parsed(() => parseArgs({ args: [...args], options, strict: true }));
  const twice = OPTIONS.find((name) => (values[name]?.length ?? 0) > 1);
  if (twice !== undefined) throw new UsageError(`--${twice} is given twice.`);
  return Object.fromEntries(OPTIONS.map((name) => [name, values[name]?.[0]]));
}

function parsed<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${USAGE}`);
  }
}

function nameIn(option: string, value = ''): string {
  const name = value.trim();
  if (name === '') throw new UsageError(`--${option} is needed.`);
  if (name.length <= NAME_LENGTH_MAX && LINE.test(name)) return name;
  throw new UsageError(
    `--${option} has ${NAME_LENGTH_MAX} characters at the most, and no control characters.`,
  );
}

function scopesOf(text = ''): readonly string[] {
  const known: readonly string[] = SCOPES;
  if (text.trim() === EVERY_SCOPE) return known.filter((scope) => scope !== NOT_OF_ALL);
  const named = [...new Set(text.split(',').map((scope) => scope.trim()))];
  const choice = `${SCOPES.join(', ')}; or ${EVERY_SCOPE}.`;
  if (text.trim() === '') throw new UsageError(`--scopes is needed: some of ${choice}`);
  const unknown = named.filter((scope) => !known.includes(scope));
  if (unknown.length === 0) return named;
  throw new UsageError(`There is no scope ${unknown.join(', ')}. There are: ${choice}`);
}

function expiryOr(text: string, now: Date): Date {
  try {
    return expiryOf(text, now);
  } catch (error) {
    if (error instanceof DayError) throw new UsageError(error.message);
    throw error;
  }
}
