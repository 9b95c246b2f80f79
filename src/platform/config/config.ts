import { isIP } from 'node:net';
import { z } from 'zod';
import { parseDatabaseUrl } from '../database/database-url.js';

const flag = z
  .enum(['true', 'false', '1', '0'])
  .transform((value) => value === 'true' || value === '1');

const integer = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(min).max(max));

const NAMED_NETWORKS = ['loopback', 'linklocal', 'uniquelocal'];

/** Addresses, networks (10.0.0.0/8) and names of networks, separated by commas. */
const proxies = z.string().refine(
  (text) =>
    text.split(',').every((part) => {
      const [address = '', bits = '0'] = part.trim().split('/');
      return NAMED_NETWORKS.includes(address) || (isIP(address) > 0 && /^\d{1,3}$/.test(bits));
    }),
  'must be addresses of proxies, as 10.0.0.0/8 or loopback, separated by commas',
);

const databaseUrl = z.url({
  protocol: /^(mysql|mariadb)$/,
  hostname: /.+/,
  error: 'must look like mysql://user:password@host:3306/database',
  abort: true,
});

/** Its parts, too, are read at boot and not at the first connection. */
const readableDatabaseUrl = databaseUrl.superRefine((url, context) => {
  try {
    parseDatabaseUrl(url);
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
  }
});

/** As hard to guess as the keys that the service makes itself. */
const ADMIN_KEY_LENGTH_MIN = 32;

const SETTINGS = {
  NODE_ENV: z
    .enum(['development', 'production', 'test'])
    .default('development')
    .describe('Production logs JSON lines and asks for a choice of AUTH_MODE.'),
  HOST: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('Where the service listens. Containers want 0.0.0.0.'),
  PORT: integer(0, 65_535).default(3000).describe('The port it listens on; 0 takes a free one.'),
  DATABASE_URL: readableDatabaseUrl
    .optional()
    .describe(
      'The database, as mysql://user:password@host:3306/name, with ?ssl=true (or ?ssl=/path/to/ca.pem) ' +
        'for TLS and ?socketPath=/path/to.sock for a Unix socket. ' +
        'Left out: an embedded server with its data in DATA_DIR/mysql.',
    ),
  DATABASE_POOL_SIZE: integer(1, 1000)
    .default(16)
    .describe('Connections to the database, at the most.'),
  LANES: integer(1, 64)
    .default(4)
    .describe('Batches of bookings that may run at once; a section always uses the same lane.'),
  LANE_QUEUE_LIMIT: integer(1, 1_000_000)
    .default(4_096)
    .describe('Commands that may wait in one lane; the next gets 503 at once.'),
  DATA_DIR: z
    .string()
    .min(1)
    .default('.data')
    .describe('The folder in which the embedded server keeps its data.'),
  EMBEDDED_MYSQLD: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Path of the mysqld or mariadbd to embed. Left out: one is looked for on the machine.',
    ),
  AUTH_MODE: z
    .enum(['open', 'keys'])
    .optional()
    .describe(
      'Whether requests must show an API key (npm run keys -- --help). In production it must be said; ' +
        'left out elsewhere it is open: whoever reaches the service may do everything.',
    ),
  ADMIN_API_KEY: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces')
    .min(ADMIN_KEY_LENGTH_MIN, `must have ${ADMIN_KEY_LENGTH_MIN} characters at least`)
    .optional()
    .describe(
      'A key of your own that may do everything with what belongs to no organiser, for a first start ' +
        `and for machines: ${ADMIN_KEY_LENGTH_MIN} characters or more.`,
    ),
  RATE_LIMIT_ENABLED: flag.default(true).describe('Whether requests are limited at all.'),
  RATE_LIMIT_REQUESTS: integer(1, 100_000_000)
    .default(20_000)
    .describe('Requests a client address may send in a window; health checks do not count.'),
  RATE_LIMIT_WINDOW_SECONDS: integer(1, 86_400)
    .default(10)
    .describe('How long a window of the limit is.'),
  TRUST_PROXY: proxies
    .optional()
    .describe(
      'Addresses of the proxies in front, as 10.0.0.0/8 or loopback, separated by commas, whose ' +
        'X-Forwarded-For is believed.',
    ),
  SHUTDOWN_DELAY_SECONDS: integer(0, 600)
    .default(0)
    .describe(
      'How long after SIGTERM the service takes new connections as before while readiness is already ' +
        'false: for load balancers that ask, as long as they need to notice.',
    ),
  SHUTDOWN_IDLE_SECONDS: integer(0, 25)
    .default(5)
    .describe(
      'How long connections that idle may stay open after that, at the most, so that a proxy can close ' +
        'them itself: longer than it keeps them.',
    ),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('The least important lines that are logged; requests are info.'),
};

/** Every setting of the service, with what it means: all tables of settings are made from these. */
export const settings = z.object(SETTINGS);

/** Nobody's service is open to the world because he has not thought of it. */
const schema = settings
  .refine(({ NODE_ENV, AUTH_MODE }) => NODE_ENV !== 'production' || AUTH_MODE !== undefined, {
    path: ['AUTH_MODE'],
    error: 'must be chosen in production: keys (API keys), or open (whoever reaches the service)',
  })
  .transform(({ AUTH_MODE = 'open', ...rest }) => ({ ...rest, AUTH_MODE }));

export type Config = Readonly<z.infer<typeof schema>>;

/** The environment does not describe a service that could run; the message names every fault. */
export class ConfigError extends Error {}

/**
 * Reads and checks the settings. This file is the only reader of `process.env`.
 * An empty or blank variable counts as not set, as in `PORT= npm start`.
 *
 * @throws {ConfigError} naming all faults at once, so that nobody fixes them one boot at a time.
 */
export function loadConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.fromEntries(
    Object.entries(environment).filter(
      ([name, value]) => name in settings.shape && value?.trim() !== '',
    ),
  );
  const parsed = schema.safeParse(given);
  if (parsed.success) return Object.freeze(parsed.data);
  const faults = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new ConfigError(`The settings are not usable:\n${[...new Set(faults)].join('\n')}`);
}
