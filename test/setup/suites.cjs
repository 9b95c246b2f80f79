// Which suites there are, and which files a run leaves out. Read by jest.config.cjs and
// scripts/test.mjs; CommonJS, because jest cannot compile its own configuration.

const SUITES = [
  'unit',
  'architecture',
  'embedded',
  'integration',
  'e2e',
  'concurrency',
  'faults',
  'fuzz',
  'topology',
];

/** These need no compiled service. */
const WITHOUT_BUILD = ['unit', 'architecture'];

/** These run when they are named, and in the full run: topology may have to fetch nginx. */
const FULL_ONLY_SUITES = ['topology'];

/** These run when they are named, and in the full run: they fetch or need something from outside. */
const FULL_ONLY_FILES = [
  // Chromium.
  'test/e2e/docs-page-browser.e2e-spec.ts',
  // Prometheus.
  'test/e2e/prometheus.e2e-spec.ts',
  // Packages from the npm registry.
  'test/e2e/test-kit.e2e-spec.ts',
  // Redis.
  'test/faults/redis.spec.ts',
];

/** The full run gives these the machine alone: they hold the service to bounds in wall-clock time. */
const SERIAL_FILES = [
  'test/e2e/shutdown.e2e-spec.ts',
  'test/faults/clients.spec.ts',
  'test/faults/redis.spec.ts',
  'test/faults/transactions.spec.ts',
  'test/integration/calling-off.spec.ts',
  'test/integration/mass-offers.spec.ts',
];

// Functions: scripts/test.mjs loads this file before it knows what the run is to be.
const isFull = () => process.env.TEST_FULL === '1';
const chosen = () => (process.env.TEST_SUITES ?? '').split(',').filter((name) => name !== '');
const patterns = () => JSON.parse(process.env.TEST_PATTERNS ?? '[]');

const isNamed = (file) => patterns().some((pattern) => matches(pattern, `/${file}`));

function matches(pattern, file) {
  try {
    return new RegExp(pattern, 'i').test(file);
  } catch {
    return file.includes(pattern);
  }
}

/** Suites of this run. */
function suitesOfRun() {
  if (chosen().length > 0) return chosen();
  return SUITES.filter((name) => isFull() || !FULL_ONLY_SUITES.includes(name));
}

/** Files of those suites that this run leaves out. */
const leftOut = () => (isFull() ? [] : FULL_ONLY_FILES.filter((file) => !isNamed(file)));

/** Files of this run that run alone. */
const serialFiles = () => (isFull() ? SERIAL_FILES : []);

/** Whether this is a plain `npm test`: scripts/test.mjs always sets the patterns. */
const isShortRunOfAll = () =>
  process.env.TEST_PATTERNS === '[]' && !isFull() && chosen().length === 0;

module.exports = { SUITES, WITHOUT_BUILD, isShortRunOfAll, leftOut, serialFiles, suitesOfRun };
