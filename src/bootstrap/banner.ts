import type { Config } from '../platform/config/index.js';
import { versionOf } from '../platform/common/index.js';

/** Tells people something; in production a log line, since there standard output is for machines. */
export type Say = (line: string, level?: 'info' | 'warning') => void;

const LEVELS = { info: 30, warning: 40 } as const;

const ACCESS_IN_WORDS: Readonly<Record<Config['AUTH_MODE'], string>> = {
  open: 'open: whoever reaches this address may do everything (AUTH_MODE=keys asks for API keys)',
  keys: 'by API key (npm run keys -- --help)',
};

/** Only programs of this machine reach it there. */
const LOOPBACK = /^(?:localhost|127\.[\d.]+|::1)$/;

export function speaker(config: Config, print: (text: string) => void): Say {
  if (config.NODE_ENV !== 'production') return print;
  return (msg, level = 'info') =>
    print(JSON.stringify({ level: LEVELS[level], time: Date.now(), msg }));
}

/** What runs now, where, and for whom. */
export function printBanner(config: Config, address: string, database: string, say: Say): void {
  const { AUTH_MODE, HOST } = config;
  say(`Rowlock    ${versionOf()}, Node ${process.versions.node}, process ${process.pid}`);
  say(`Database   ${database}, ${config.DATABASE_POOL_SIZE} connections`);
  say(`Access     ${ACCESS_IN_WORDS[AUTH_MODE]}`);
  if (AUTH_MODE === 'open' && !LOOPBACK.test(HOST)) {
    say(`Warning    HOST=${HOST} lets other machines in: set AUTH_MODE=keys`, 'warning');
  }
  say(`Lanes      ${config.LANES}, in each of which ${config.LANE_QUEUE_LIMIT} may wait`);
  say(`Listening  ${address}`);
  if (config.NODE_ENV === 'production') return;
  say(`Try        curl -s ${address}/initialize -H 'Content-Type: application/json' \\`);
  if (AUTH_MODE === 'keys') say(`             -H 'Authorization: Bearer <key>' \\`);
  say(`             -d '{"name":"First night","totalTickets":2}'`);
}
