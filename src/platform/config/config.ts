import { z } from 'zod';
import { bareHostName, isLoopback, SetUpError } from '../common/index.js';
import { parseDatabaseHosts, urlsOfHosts } from './database-hosts.js';
import { isGuessable } from './guessable.js';
import { withSecretFiles } from './secret-files.js';
import { areNetworks, trustMost } from './trusted-proxies.js';

const flag = z
  .enum(['true', 'false', '1', '0'])
  .transform((value) => value === 'true' || value === '1');

const integer = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(min).max(max));

const partsOf = (text: string): string[] => text.split(',').map((part) => part.trim());

/** Addresses, networks (10.0.0.0/8) and network names, separated by commas. */
const proxies = z
  .string()
  .refine((text) => areNetworks(partsOf(text)), {
    error: 'must be proxy addresses separated by commas, such as 10.0.0.0/8 or loopback',
    abort: true,
  })
  .refine(
    (text) => !trustMost(partsOf(text)),
    'must name your proxies only: these networks have half of all addresses or more',
  );

/** Names and addresses, separated by commas; a port after one has no effect. */
const hosts = z
  .string()
  .transform((text) => partsOf(text).map(bareHostName))
  .refine(
    (names) => !names.includes(undefined),
    'must be host names or IP addresses separated by commas, such as rowlock.lan,10.0.0.5',
  )
  .transform((names) => names.filter((name) => name !== undefined));

const databaseUrl = z.url({
  protocol: /^(mysql|mariadb)$/,
  hostname: /.+/,
  error: 'must look like mysql://user:password@host:3306/database',
  abort: true,
});

/** One host, or several. Parses every part at start-up, not at the first connection. */
const readableDatabaseUrl = z.string().superRefine((text, context) => {
  try {
    databaseUrl.parse(urlsOfHosts(text)[0]);
    parseDatabaseHosts(text);
  } catch (error) {
    const { message } = error instanceof z.ZodError ? error.issues[0]! : (error as Error);
    context.addIssue({ code: 'custom', message });
  }
});

const redisUrl = z.url({
  protocol: /^rediss?$/,
  hostname: /.+/,
  error: 'must look like redis://user:password@host:6379/0, or rediss:// for TLS',
});

const path = z.string().min(1);

/** As hard to guess as the keys that Rowlock generates. */
const ADMIN_KEY_LENGTH_MIN = 32;

/** The token under which modules inject the validated settings. */
export const CONFIG = Symbol('config');

/** Every setting of the service; setting-descriptions.ts describes each one. */
export const settings = z.object({
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
  // Fastify would open a second server for the IPv6 address, without what is set up on the first.
  HOST: z
    .string()
    .min(1)
    .transform((host) => (/^localhost\.?$/i.test(host) ? '127.0.0.1' : host))
    .default('127.0.0.1'),
  PORT: integer(0, 65_535).default(3000),
  DATABASE_URL: readableDatabaseUrl.optional(),
  DATABASE_URL_FILE: path.optional(),
  DATABASE_POOL_SIZE: integer(1, 1000).default(20),
  DATABASE_READ_POOL_SIZE: integer(1, 1000).default(4),
  DATABASE_READ_TIMEOUT_SECONDS: integer(1, 10).default(5),
  LANES: integer(1, 64).default(4),
  QUEUE_SECONDS_MAX: integer(1, 25).default(10),
  DATA_DIR: z.string().min(1).default('.data'),
  EMBEDDED_MYSQLD: z.string().min(1).optional(),
  AUTH_MODE: z.enum(['open', 'keys']).optional(),
  ALLOWED_HOSTS: hosts.optional(),
  ADMIN_API_KEY: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces')
    .min(ADMIN_KEY_LENGTH_MIN, `must have at least ${ADMIN_KEY_LENGTH_MIN} characters`)
    .refine(
      (key) => key.length < ADMIN_KEY_LENGTH_MIN || !isGuessable(key),
      'is easy to guess: use random text, such as the output of openssl rand -hex 24',
    )
    .optional(),
  ADMIN_API_KEY_FILE: path.optional(),
  RATE_LIMIT_ENABLED: flag.default(true),
  RATE_LIMIT_WINDOW_SECONDS: integer(1, 86_400).default(10),
  RATE_LIMIT_READS_PER_ADDRESS: integer(1, 100_000_000).default(20_000),
  RATE_LIMIT_WRITES_PER_ADDRESS: integer(1, 100_000_000).default(20_000),
  RATE_LIMIT_READS_PER_KEY: integer(1, 100_000_000).default(20_000),
  RATE_LIMIT_WRITES_PER_KEY: integer(1, 100_000_000).default(20_000),
  RATE_LIMIT_WRONG_KEYS_PER_MINUTE: integer(1, 1_000_000).default(10),
  RATE_LIMIT_ATTEMPTS_PER_PERSON: integer(0, 1_000_000).default(20),
  RATE_LIMIT_ATTEMPTS_WINDOW_SECONDS: integer(1, 86_400).default(60),
  EXPENSIVE_READS_PER_KEY: integer(1, 100_000).default(64),
  EXPENSIVE_READS_PER_ORGANISER: integer(1, 100_000).default(128),
  REDIS_URL: redisUrl.optional(),
  REDIS_URL_FILE: path.optional(),
  TRUST_PROXY: proxies.optional(),
  SHUTDOWN_DELAY_SECONDS: integer(0, 600).default(0),
  SHUTDOWN_IDLE_SECONDS: integer(0, 25).default(5),
  // OpenTelemetry's SDK reads this itself, and more; checked here so that a mistake stops start-up.
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'must look like http://collector:4318' })
    .optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

/** Being open to everyone must be a choice, not an oversight. */
const schema = settings
  .refine(({ NODE_ENV, AUTH_MODE }) => NODE_ENV !== 'production' || AUTH_MODE !== undefined, {
    path: ['AUTH_MODE'],
    error: 'is required in production: keys (requests need an API key), or open (no key needed)',
  })
  .refine(
    ({ NODE_ENV, AUTH_MODE, ADMIN_API_KEY }) =>
      NODE_ENV === 'production' || AUTH_MODE !== undefined || ADMIN_API_KEY === undefined,
    {
      path: ['AUTH_MODE'],
      error: 'is required when ADMIN_API_KEY is set: keys, or open (no key is checked)',
    },
  )
  .refine(
    ({ NODE_ENV, AUTH_MODE, ADMIN_API_KEY, HOST }) =>
      NODE_ENV === 'production' ||
      AUTH_MODE !== undefined ||
      ADMIN_API_KEY !== undefined ||
      isLoopback(bareHostName(HOST) ?? HOST),
    {
      path: ['AUTH_MODE'],
      error:
        'is required when HOST is reachable from other machines: keys (requests need an API key), or open (no key needed)',
    },
  )
  .transform(({ AUTH_MODE = 'open', ...rest }) => ({ ...rest, AUTH_MODE }));

export type Config = Readonly<z.infer<typeof schema>>;

/** Settings for commands that use the database without starting the service. */
const databaseSettings = settings.pick({
  DATABASE_URL: true,
  DATABASE_URL_FILE: true,
  DATA_DIR: true,
  EMBEDDED_MYSQLD: true,
});

export type DatabaseConfig = Readonly<z.infer<typeof databaseSettings>>;

/** The settings are invalid; the message lists every fault. */
export class ConfigError extends SetUpError {}

/**
 * Reads and validates the settings. Only this file and bootstrap/start-tracing.ts
 * read settings from `process.env`.
 * An empty or blank variable counts as unset, as in `PORT= npm start`.
 *
 * @throws {ConfigError} listing all faults, so that nobody has to fix them one start at a time.
 */
export const loadConfig = (environment: NodeJS.ProcessEnv = process.env): Config =>
  read(schema, environment, Object.keys(settings.shape));

/**
 * The same for the database settings only; the others need not be valid or present.
 *
 * @throws {ConfigError}
 */
export const loadDatabaseConfig = (environment: NodeJS.ProcessEnv = process.env): DatabaseConfig =>
  read(databaseSettings, environment, Object.keys(databaseSettings.shape));

function read<Output>(
  wanted: z.ZodType<Output>,
  environment: NodeJS.ProcessEnv,
  names: readonly string[],
): Readonly<Output> {
  const given = Object.fromEntries(
    Object.entries(environment).filter(
      ([name, value]) => name in settings.shape && value?.trim() !== '',
    ),
  );
  const { filled, faults } = withSecretFiles(given, names);
  const parsed = wanted.safeParse(filled);
  if (parsed.success && faults.length === 0) return Object.freeze(parsed.data);
  const issues = parsed.error?.issues ?? [];
  const all = [...faults, ...issues.map(({ path: at, message }) => `${at.join('.')}: ${message}`)];
  throw new ConfigError(
    `Invalid settings:\n${[...new Set(all)].map((fault) => `  ${fault}`).join('\n')}`,
  );
}
