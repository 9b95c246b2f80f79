import { parseArgs } from 'node:util';
import {
  type Scope,
  SCOPES,
  SINGLE_LINE_PATTERN,
  UsageError,
} from '../../platform/common/index.js';
import { isKeyId, parseToken } from '../api-key.js';
import { DayError, expiryOf } from './key-lifetime.js';
import type { WantedKey } from './key-administration.js';

const EVERY_SCOPE = 'all';
/** For the operator only: metrics cover all organisers. */
const NOT_OF_ALL: Scope = 'metrics:read';
const NAME_LENGTH_MAX = 200;
const LINE = new RegExp(SINGLE_LINE_PATTERN, 'u');
const OPTIONS = ['organiser', 'name', 'scopes', 'expires'] as const;

export const USAGE = `Usage: npm run keys -- <create | list | revoke | adopt>

  create --organiser NAME --name NAME --scopes SCOPES [--expires WHEN]
      Creates an API key and prints it once. Creates the organiser if it does not exist.
      SCOPES   comma-separated, or "${EVERY_SCOPE}" for all of these except ${NOT_OF_ALL}:
               ${SCOPES.join(', ')}
      WHEN     the last day on which the key is valid, in UTC (2027-01-31), or a number of
               days (90d); without --expires, the key never expires
      Only the key goes to standard output: npm run -s keys -- create … > shop.key

  list
      Lists all keys with their organiser, scopes and last use.

  revoke ID | -
      Revokes a key, given by the id that "list" shows: the 12 characters between rlk_ and
      the next _. With -, reads the id or the whole key from standard input:
      npm run keys -- revoke - < leaked.key. Every instance rejects it within seconds.

  adopt --organiser NAME [--yes]
      Gives all events that belong to no organiser (created with AUTH_MODE=open or
      ADMIN_API_KEY) and their customers to this one. Without --yes, only says how many.
      Stop all instances first.

Works on the database in DATABASE_URL, or else on the embedded one, even while the service
is running. The database must exist: npm start or npm run migrate creates it.

Exit codes: 0 success; 1 failure; 2 unknown or invalid argument.`;

/** The command given on the command line. */
export type KeysCommand =
  | { readonly verb: 'create'; readonly key: WantedKey }
  | { readonly verb: 'list' }
  | { readonly verb: 'revoke'; readonly id: string }
  | { readonly verb: 'adopt'; readonly organiserName: string; readonly isConfirmed: boolean };

/**
 * Parses one command line. No error message repeats an argument that may be a secret.
 *
 * @param input reads standard input
 * @throws {UsageError}
 */
export function parseKeysArguments(
  [verb, ...rest]: readonly string[],
  now: Date,
  input: () => string,
): KeysCommand {
  if (verb === 'create') return { verb, key: wantedKey(rest, now) };
  if (verb === 'revoke') return { verb, id: idOf(rest, input) };
  if (verb === 'adopt') return { verb, ...adoptionOf(rest) };
  if (verb !== 'list')
    throw new UsageError(`Unknown command. Use create, list, revoke or adopt.\n\n${USAGE}`);
  if (rest.length > 0) throw new UsageError('list takes no arguments.');
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

function idOf([given = '', ...more]: readonly string[], input: () => string): string {
  const key = given === '-' && more.length === 0 ? input().trim() : given;
  const whole = parseToken(key)?.id;
  if (whole !== undefined && given !== '-') {
    throw new UsageError(
      `revoke takes the id of the key, ${whole}. Other users of this machine can see a whole key on the command line.`,
    );
  }
  const id = whole ?? key;
  if (more.length === 0 && isKeyId(id)) return id;
  throw new UsageError('revoke takes the id of one key. npm run keys -- list shows all keys.');
}

function adoptionOf(args: readonly string[]): { organiserName: string; isConfirmed: boolean } {
  const options = { organiser: { type: 'string' }, yes: { type: 'boolean' } } as const;
  const { values } = parsed(() => parseArgs({ args: [...args], options, strict: true }));
  return {
    organiserName: nameIn('organiser', values.organiser),
    isConfirmed: values.yes ?? false,
  };
}

function optionsOf(args: readonly string[]): Partial<Record<(typeof OPTIONS)[number], string>> {
  const option = { type: 'string', multiple: true } as const;
  const options = { organiser: option, name: option, scopes: option, expires: option };
  const { values } = parsed(() => parseArgs({ args: [...args], options, strict: true }));
  const twice = OPTIONS.find((name) => (values[name]?.length ?? 0) > 1);
  if (twice !== undefined) throw new UsageError(`--${twice} was given more than once.`);
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
  if (name === '') throw new UsageError(`--${option} is required.`);
  if (name.length <= NAME_LENGTH_MAX && LINE.test(name)) return name;
  throw new UsageError(
    `--${option} must have at most ${NAME_LENGTH_MAX} characters and no control characters.`,
  );
}

function scopesOf(text = ''): readonly string[] {
  const known: readonly string[] = SCOPES;
  if (text.trim() === EVERY_SCOPE) return known.filter((scope) => scope !== NOT_OF_ALL);
  const named = [...new Set(text.split(',').map((scope) => scope.trim()))];
  const choice = `${SCOPES.join(', ')}, or ${EVERY_SCOPE}.`;
  if (text.trim() === '') throw new UsageError(`--scopes is required. Valid scopes: ${choice}`);
  const unknown = named.filter((scope) => !known.includes(scope));
  if (unknown.length === 0) return named;
  throw new UsageError(`Unknown scope: ${unknown.join(', ')}. Valid scopes: ${choice}`);
}

function expiryOr(text: string, now: Date): Date {
  try {
    return expiryOf(text, now);
  } catch (error) {
    if (error instanceof DayError) throw new UsageError(error.message);
    throw error;
  }
}
