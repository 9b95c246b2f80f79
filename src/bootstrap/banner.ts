import type { Config } from '../platform/config/index.js';
import { PROBE_CONNECTIONS } from '../platform/database/index.js';
import { bareHostName, isLoopback, versionOf } from '../platform/common/index.js';

/** Prints a line for people; in production a JSON log line, because machines read the output there. */
export type Say = (line: string, level?: 'info' | 'warning') => void;

const LEVELS = { info: 30, warning: 40 } as const;

const ACCESS_IN_WORDS: Readonly<Record<Config['AUTH_MODE'], string>> = {
  open: 'open: anyone who can reach this address can do everything, with the events of all organisers (AUTH_MODE=keys requires API keys)',
  keys: 'API keys required (npm run keys -- --help)',
};

const UNOWNED =
  'some events were created with AUTH_MODE=open or ADMIN_API_KEY: of all keys, only ADMIN_API_KEY reaches ' +
  'them (npm run keys -- adopt gives them to an organiser)';

interface Facts {
  readonly address: string;
  /** Engine and place. */
  readonly database: string;
  /** Whether events belong to no organiser. */
  readonly hasUnowned: boolean;
}

export function speaker(config: Config, print: (text: string) => void): Say {
  if (config.NODE_ENV !== 'production') return print;
  return (msg, level = 'info') =>
    print(JSON.stringify({ level: LEVELS[level], time: Date.now(), msg }));
}

const connectionsOf = ({ DATABASE_POOL_SIZE, DATABASE_READ_POOL_SIZE }: Config): number =>
  DATABASE_POOL_SIZE + DATABASE_READ_POOL_SIZE + PROBE_CONNECTIONS;

/** Prints what is running, where it listens and who has access. */
export function printBanner(config: Config, facts: Facts, say: Say): void {
  const { AUTH_MODE, HOST } = config;
  const { address, database } = facts;
  say(`Rowlock    ${versionOf()}, Node ${process.versions.node}, process ${process.pid}`);
  say(`Database   ${database}, ${connectionsOf(config)} connections`);
  say(`Access     ${ACCESS_IN_WORDS[AUTH_MODE]}`);
  if (AUTH_MODE === 'open' && !isLoopback(bareHostName(HOST) ?? HOST)) {
    say(`Warning    HOST=${HOST} is open to other machines: set AUTH_MODE=keys`, 'warning');
  }
  if (AUTH_MODE === 'keys' && facts.hasUnowned) say(`Unowned    ${UNOWNED}`);
  say(`Lanes      ${config.LANES}, in a thread of their own`);
  say(`Listening  ${address}`);
  if (config.NODE_ENV === 'production') return;
  say(`Try        curl -s ${address}/initialize -H 'Content-Type: application/json' \\`);
  if (AUTH_MODE === 'keys') say(`             -H 'Authorization: Bearer <key>' \\`);
  say(`             -d '{"name":"First night","totalTickets":2}'`);
}
