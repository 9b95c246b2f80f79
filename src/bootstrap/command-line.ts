import { parseArgs } from 'node:util';
import { UsageError } from '../platform/common/index.js';
import { listSettings } from '../platform/config/index.js';

const WIDTH = 78;
const INDENT = '      ';

/** The command given on the command line. */
export type CliCommand = 'start' | 'help' | 'version';

/** @throws {UsageError} for any other argument: settings come from the environment and .env */
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
      `Unknown argument: ${given}. Settings come from the environment, for example ` +
        '`PORT=8080 npm start`. See `npm start -- --help`.',
    );
  }
}

/** The help text: usage, every setting with its default, examples and exit codes. */
export function helpText(): string {
  return `Rowlock is a ticket booking service that never oversells, with waitlists for full events.

Usage: npm start                     install and compile if necessary, then serve
       npm start -- --help           (or -h) print this help
       npm start -- --version        (or -v) print the version
       node dist/src/main.js         serve without installing or compiling anything

With no settings, Rowlock listens on http://127.0.0.1:3000 and stores its data in an
embedded database server under .data/mysql. Settings come from the environment;
npm start also loads a .env file beside package.json. The environment takes precedence.

Settings:
${listSettings().map(settingText).join('\n')}

Examples:
  npm start
  PORT=8080 LOG_LEVEL=warn npm start
  DATABASE_URL=mysql://rowlock:secret@db:3306/rowlock npm run migrate
  DATABASE_URL=mysql://rowlock:secret@db:3306/rowlock AUTH_MODE=keys npm start
  npm run keys -- create --organiser Arena --name web --scopes all

SIGTERM and Ctrl+C stop the service after it has answered the requests in progress.

Exit codes:
  0    stopped on request
  1    could not start, could not stop in time, or failed; standard error says why
  2    unknown argument
  130  stopped immediately by a second signal`;
}

function settingText(setting: ReturnType<typeof listSettings>[number]): string {
  const { name, standard, choices, meaning } = setting;
  const also = choices.length > 0 ? ` One of: ${choices.join(', ')}.` : '';
  const head = standard === undefined ? `  ${name}` : `  ${name}=${standard}`;
  return [head, ...wrapped(meaning + also)].join('\n');
}

/** Wraps text to the width of a terminal. */
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
