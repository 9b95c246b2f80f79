import { parseArgs } from 'node:util';
import { listSettings } from '../platform/config/index.js';

const WIDTH = 78;
const INDENT = '      ';

/** What somebody who types the command wants. */
export type CliCommand = 'start' | 'help' | 'version';

/** Something was typed that there is not; the message says what there is. */
export class UsageError extends Error {}

/** @throws {UsageError} on anything but the few options there are: settings are no arguments */
export function parseArguments(args: readonly string[]): CliCommand {
  const { help, version } = optionsOf(args);
  if (help) return 'help';
  return version ? 'version' : 'start';
}

function optionsOf(args: readonly string[]): { help?: boolean; version?: boolean } {
  const help = { type: 'boolean', short: 'h' } as const;
  const version = { type: 'boolean', short: 'v' } as const;
  try {
    return parseArgs({ args: [...args], options: { help, version } }).values;
  } catch {
    const given = args.map((arg) => `"${arg}"`).join(' ');
    throw new UsageError(
      `It takes no argument like ${given}: settings are variables of the environment, as in ` +
        '`PORT=8080 npm start`. `npm start -- --help` shows all.',
    );
  }
}

/** The whole help: what it does, every setting with its default, and how it ends. */
export function helpText(): string {
  return `Rowlock books tickets that cannot be oversold, for events with waiting lists.

Usage: npm start                     installs and compiles what is missing, then serves
       npm start -- --help           (or -h) this text
       npm start -- --version        (or -v) its version
       node dist/src/main.js         the same, on what is installed and compiled already

Without any setting it listens on http://127.0.0.1:3000 and keeps its data in a database
server of its own under .data/mysql. Settings come from the environment; npm start also
reads a file .env beside package.json, over which the environment wins.

Settings:
${listSettings().map(settingText).join('\n')}

Examples:
  npm start
  PORT=8080 LOG_LEVEL=warn npm start
  DATABASE_URL=mysql://rowlock:secret@db:3306/rowlock npm run migrate
  DATABASE_URL=mysql://rowlock:secret@db:3306/rowlock AUTH_MODE=keys npm start
  npm run keys -- create --organiser Arena --name web --scopes all

It ends at SIGTERM, and at Ctrl+C, after running requests have been answered. Exit codes:
  0    it was asked to end, and did
  1    it could not start, or could not end in time; standard error says why
  2    an argument that there is not
  130  it was asked to end twice, and stopped at once`;
}

function settingText(setting: ReturnType<typeof listSettings>[number]): string {
  const { name, standard, choices, meaning } = setting;
  const also = choices.length > 0 ? ` One of: ${choices.join(', ')}.` : '';
  const head = standard === undefined ? `  ${name}` : `  ${name}=${standard}`;
  return [head, ...wrapped(meaning + also)].join('\n');
}

/** Lines no wider than a terminal. */
function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && `${last} ${word}`.length <= WIDTH) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(`${INDENT}${word}`);
    }
  }
  return lines;
}
