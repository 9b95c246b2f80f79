import { readFileSync } from 'node:fs';
import { closest, distance } from 'fastest-levenshtein';
import { SetUpError } from '../common/index.js';
import { settings } from './config.js';

/** `.env` is invalid; the message lists every fault, by line and without values. */
export class EnvFileError extends SetUpError {}

/** docker-compose.yml reads these from the same file. */
export const COMPOSE_VARIABLES = [
  'MYSQL_PASSWORD',
  'MYSQL_SERVICE_PASSWORD',
  'ROWLOCK_PORT',
  'GRAFANA_PASSWORD',
];

/** Variables of OpenTelemetry's SDK and of Docker Compose itself. */
const FOREIGN_PREFIX = /^(?:OTEL|COMPOSE)_/;

const UTF16_MARKS: readonly (readonly [string, number, number])[] = [
  ['utf-16le', 0xff, 0xfe],
  ['utf-16be', 0xfe, 0xff],
];

/** As in Docker Compose, a comment needs a space before it: a password may contain `#`. */
const ASSIGNMENT =
  /^\s*(?:export\s+)?([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|`([^`]*)`|([^\s"'`#].*?)?)\s*(?:(?<=\s)#.*)?$/;
const IGNORED_LINE = /^\s*(?:#.*)?$/;

/**
 * Reads a `.env` file: one `NAME=value` per line.
 *
 * @throws {EnvFileError} a fault must not pass in silence: without `AUTH_MODE`, the service may be open
 */
export function readEnvFile(path: string): ReadonlyMap<string, string> {
  return parseEnvFile(textOf(path));
}

/** @throws {EnvFileError} */
export function parseEnvFile(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, { value: string; line: number }>();
  const faults: string[] = [];
  for (const [index, content] of text.split(/\r\n|\n|\r/).entries()) {
    if (IGNORED_LINE.test(content)) continue;
    const line = index + 1;
    const [, name, ...values] = ASSIGNMENT.exec(content) ?? [];
    const earlier = name === undefined ? undefined : found.get(name)?.line;
    const fault = faultOf(name, earlier);
    if (fault !== undefined) faults.push(`  line ${line}: ${fault}`);
    if (name !== undefined) found.set(name, { line, value: values.find(isGiven) ?? '' });
  }
  if (faults.length > 0) throw new EnvFileError(`Invalid .env:\n${faults.join('\n')}`);
  return new Map([...found].map(([name, { value }]) => [name, value]));
}

const isGiven = (value: string | undefined): boolean => value !== undefined;

function faultOf(name: string | undefined, earlier: number | undefined): string | undefined {
  if (name === undefined) return 'is not NAME=value, on one line, with any quotes closed.';
  if (!isKnown(name)) return `${printable(name)} is not a setting. ${suggestionFor(name)}`;
  return earlier === undefined ? undefined : `${name} is already set in line ${earlier}.`;
}

const isKnown = (name: string): boolean =>
  Object.hasOwn(settings.shape, name) ||
  COMPOSE_VARIABLES.includes(name) ||
  FOREIGN_PREFIX.test(name);

function suggestionFor(name: string): string {
  const wanted = name.toUpperCase();
  const nearest = closest(wanted, [...Object.keys(settings.shape), ...COMPOSE_VARIABLES]);
  const isNear = distance(wanted, nearest) <= wanted.length / 2;
  return isNear ? `Did you mean ${nearest}?` : '.env.example lists all settings.';
}

/** Shows characters that look like others, or like nothing. */
const printable = (name: string): string =>
  name.replaceAll(
    /[^\x21-\x7e]/gu,
    (char) => `\\u{${char.codePointAt(0)!.toString(16).toUpperCase()}}`,
  );

/** Windows editors write byte order marks, and PowerShell writes UTF-16. */
function textOf(path: string): string {
  const bytes = bytesOf(path);
  const mark = UTF16_MARKS.find(([, first, second]) => bytes[0] === first && bytes[1] === second);
  try {
    const text = new TextDecoder(mark?.[0], { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // Falls through to the error.
  }
  throw new EnvFileError('Invalid .env: it is not UTF-8 text.');
}

function bytesOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new EnvFileError(`.env cannot be read: ${(error as Error).message}`);
  }
}
