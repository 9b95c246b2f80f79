import type { settings } from './config.js';

/**
 * One description per setting, written for operators: shown by `npm start -- --help` and in the table
 * of docs/operations.md. A setting without a description does not compile.
 */
export const SETTING_DESCRIPTIONS: Readonly<Record<keyof (typeof settings)['shape'], string>> = {
  NODE_ENV: 'In production, logs are always JSON lines and AUTH_MODE is required.',
  HOST: 'IP address or host name to listen on. Use 0.0.0.0 in a container.',
  PORT: 'Port to listen on; 0 picks a free port.',
  DATABASE_URL:
    'Database to use: mysql://user:password@host:3306/name, with ?ssl=true (or ?ssl=/path/to/ca.pem) ' +
    'for TLS or ?socketPath=/path/to.sock for a Unix socket. Of several hosts (host-1:3306,host-2:3306), ' +
    'Rowlock uses the first that is writable. If unset, Rowlock starts an ' +
    'embedded database in DATA_DIR/mysql.',
  DATABASE_URL_FILE: 'File that holds DATABASE_URL, instead of the environment.',
  DATABASE_POOL_SIZE:
    'Maximum number of database connections for transactions. Each lane uses up to four, and all other ' +
    'transactions share four.',
  DATABASE_READ_POOL_SIZE:
    'Maximum number of further database connections for reads. All but two of them serve expensive reads, ' +
    'one at a time each. Readiness checks have one more.',
  DATABASE_READ_TIMEOUT_SECONDS:
    'The database stops a read that takes longer; the request gets 503 read_timeout.',
  LANES:
    'Number of lanes, which collect concurrent commands into batches. Each runs one batch at a time. Only while ' +
    'a batch cannot get the lock of a section, a lane runs others beside it. A section always uses the same lane.',
  QUEUE_SECONDS_MAX:
    'How many seconds a booking may wait for its turn. A request that would wait longer gets 503 immediately.',
  DATA_DIR: 'Folder in which the embedded database keeps its data.',
  EMBEDDED_MYSQLD:
    'Path of the mysqld or mariadbd that runs the embedded database. If unset, Rowlock looks for one on ' +
    'this machine.',
  AUTH_MODE:
    'Whether requests need an API key (npm run keys -- --help). Required in production, when ' +
    'ADMIN_API_KEY is set, and when HOST is not a loopback address. Otherwise, the default is open: anyone who ' +
    'can reach the service can do everything.',
  ALLOWED_HOSTS:
    'With AUTH_MODE=open, the host names and IP addresses that clients may send in Host, separated by commas ' +
    '(rowlock.internal,10.0.0.5). Loopback names and the value of HOST are always allowed.',
  ADMIN_API_KEY:
    'An API key that you choose, for first set-up and for automation: at least 32 random characters, such as ' +
    'the output of openssl rand -hex 24. It has ' +
    'every scope, but reaches only events that were created with it or with AUTH_MODE=open.',
  ADMIN_API_KEY_FILE: 'File that holds ADMIN_API_KEY, instead of the environment.',
  RATE_LIMIT_ENABLED: 'Whether the rate limits below apply.',
  RATE_LIMIT_WINDOW_SECONDS: 'Length of the window for the next four limits.',
  RATE_LIMIT_READS_PER_ADDRESS:
    'Reads (GET, HEAD) per window from one client IP address (one /64 network for IPv6). A /48 network ' +
    'together may send ten times as many. Health checks and /metrics do not count.',
  RATE_LIMIT_WRITES_PER_ADDRESS: 'All other requests per window from one client IP address.',
  RATE_LIMIT_READS_PER_KEY: 'Reads per window with one API key, from any client.',
  RATE_LIMIT_WRITES_PER_KEY: 'All other requests per window with one API key, from any client.',
  RATE_LIMIT_WRONG_KEYS_PER_MINUTE:
    'Wrong API keys per minute from one client IP address. A /48 network together may send ten times as many, ' +
    'and all addresses together may make ten times as many guesses at ADMIN_API_KEY. Over the limit, only ' +
    'keys that this instance has already accepted keep working.',
  RATE_LIMIT_ATTEMPTS_PER_PERSON:
    'Attempts per attempts window by one customer at one event; 0 means no limit. An attempt is a request to get ' +
    'places or, with an API key that lacks bookings:read, to cancel places.',
  RATE_LIMIT_ATTEMPTS_WINDOW_SECONDS: 'Length of the attempts window.',
  EXPENSIVE_READS_PER_KEY:
    'Expensive reads (lists, seats, audits, single bookings and waitlist entries) in progress at once with one API key. ' +
    'RATE_LIMIT_ENABLED does not turn this limit off.',
  EXPENSIVE_READS_PER_ORGANISER: 'The same for all API keys of one organiser together.',
  REDIS_URL:
    'Redis through which instances share their rate limit counts: redis://user:password@host:6379/0, or ' +
    'rediss:// for TLS. Use the same value on every instance. If unset, each instance counts separately.',
  REDIS_URL_FILE: 'File that holds REDIS_URL, instead of the environment.',
  TRUST_PROXY:
    'IP addresses or networks of the proxies in front, separated by commas (10.0.0.0/8 or loopback, for ' +
    'example). X-Forwarded-For is trusted only from them.',
  SHUTDOWN_DELAY_SECONDS:
    'How many seconds after SIGTERM the service still accepts connections while /health/ready already ' +
    'returns 503. Set it to at least the time your load balancer needs to notice.',
  SHUTDOWN_IDLE_SECONDS:
    'How many seconds after SHUTDOWN_DELAY_SECONDS the service closes idle connections that their clients ' +
    'have not closed. Set it longer than the idle timeout of the proxy in front, so that the proxy closes them first.',
  OTEL_EXPORTER_OTLP_ENDPOINT:
    'Where to send traces (OTLP over HTTP). If unset, tracing is off and none of its code is loaded. ' +
    "OpenTelemetry's other environment variables apply as well.",
  LOG_LEVEL: 'Least severe level that is logged. Request lines are logged at info.',
};
