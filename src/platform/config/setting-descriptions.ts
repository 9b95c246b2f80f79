import type { settings } from './config.js';

/**
 * What each setting is for, in words for operators: shown by `npm start -- --help` and in the table of
 * docs/operations.md. A setting without a meaning does not compile.
 */
export const MEANINGS: Readonly<Record<keyof (typeof settings)['shape'], string>> = {
  NODE_ENV: 'Production logs JSON lines, and wants AUTH_MODE to be chosen.',
  HOST: 'The address on which the service listens. Containers want 0.0.0.0.',
  PORT: 'The port on which it listens; 0 takes one that is free.',
  DATABASE_URL:
    'The database: mysql://user:password@host:3306/name, with ?ssl=true (or ?ssl=/path/to/ca.pem) for ' +
    'TLS and ?socketPath=/path/to.sock for a Unix socket. Left out: an embedded server in DATA_DIR/mysql.',
  DATABASE_POOL_SIZE: 'Connections to the database, at the most.',
  LANES: 'Batches of bookings that may run at once; a section always uses the same lane.',
  LANE_QUEUE_LIMIT: 'Commands that may wait in one lane; the next gets 503 at once.',
  DATA_DIR: 'The folder in which the embedded server keeps its data.',
  EMBEDDED_MYSQLD:
    'Path of the mysqld or mariadbd to embed. Left out: one is looked for on the machine.',
  AUTH_MODE:
    'Whether requests must show an API key (npm run keys -- --help). In production it must be said, and ' +
    'wherever there is an ADMIN_API_KEY; left out elsewhere it is open: whoever reaches the service may do ' +
    'everything.',
  ADMIN_API_KEY:
    'A key of your own that may do everything with what belongs to no organiser, for a first start and ' +
    'for machines: 32 characters or more.',
  RATE_LIMIT_ENABLED: 'Whether anything of what follows is limited.',
  RATE_LIMIT_WINDOW_SECONDS: 'How long a window of the next four limits is.',
  RATE_LIMIT_READS_PER_ADDRESS:
    'Reads (GET, HEAD) in a window by one client address, with IPv6 by one /64 network; health checks and ' +
    '/metrics do not count.',
  RATE_LIMIT_WRITES_PER_ADDRESS: 'Everything else in a window by one client address.',
  RATE_LIMIT_READS_PER_KEY: 'Reads in a window with one API key, from wherever they come.',
  RATE_LIMIT_WRITES_PER_KEY: 'Everything else in a window with one API key.',
  RATE_LIMIT_WRONG_KEYS_PER_MINUTE:
    'Wrong API keys a minute from one address; keys that were right before go on working.',
  RATE_LIMIT_ATTEMPTS_PER_PERSON:
    'How often one person may try to get places of one event; 0 is as often as he likes.',
  RATE_LIMIT_ATTEMPTS_WINDOW_SECONDS: 'Within how long.',
  REDIS_URL:
    'Where instances add up what they count: redis://user:password@host:6379/0, or rediss:// for TLS, ' +
    'the same on every instance. Left out: each counts for itself.',
  TRUST_PROXY:
    'Addresses of the proxies in front (as 10.0.0.0/8 or loopback, separated by commas), whose ' +
    'X-Forwarded-For is believed.',
  SHUTDOWN_DELAY_SECONDS:
    'How long after SIGTERM the service takes new connections as before, while readiness is already ' +
    'false: as long as a load balancer that asks for it needs to notice.',
  SHUTDOWN_IDLE_SECONDS:
    'How long connections that idle may stay open after that: longer than the proxy in front keeps ' +
    'them, so that it is the proxy who closes them.',
  OTEL_EXPORTER_OTLP_ENDPOINT:
    'Where traces go (OTLP over HTTP). Left out: there are none, and nothing for them is loaded. ' +
    "OpenTelemetry's other settings count as well.",
  LOG_LEVEL: 'The least important lines that are logged; those about requests are info.',
};
