// The suites, and the files that a run leaves out. Read by jest.config.cjs and scripts/test.mjs.
// CommonJS, because jest cannot compile its own configuration.

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
  'clusters',
];

/** Suites that need no compiled service. */
const WITHOUT_BUILD = ['unit', 'architecture'];

/** Suites that run only in the full run or when named: hostile input, a load balancer, database clusters. */
const FULL_ONLY_SUITES = ['fuzz', 'topology', 'clusters'];

/** Files that run only in the full run or when named. */
const FULL_ONLY_FILES = [
  // Floods, attacks, races and large events: up to half a minute each.
  'test/concurrency/cancelled-event.spec.ts',
  'test/concurrency/overload.spec.ts',
  'test/embedded/crash.spec.ts',
  'test/embedded/data-folder.spec.ts',
  'test/embedded/full-disk.spec.ts',
  'test/embedded/ownership.spec.ts',
  'test/embedded/paths.spec.ts',
  'test/embedded/stops.spec.ts',
  'test/embedded/takeover.spec.ts',
  'test/faults/clients.spec.ts',
  'test/faults/database-refuses.spec.ts',
  'test/faults/event-commits.spec.ts',
  'test/faults/event-steps.spec.ts',
  'test/faults/frozen.spec.ts',
  'test/faults/full-disk.spec.ts',
  'test/faults/server-settings.spec.ts',
  'test/faults/unread.spec.ts',
  'test/fuzz/server-variables.spec.ts',
  'test/integration/cancelling-an-event.spec.ts',
  'test/integration/mass-offers.spec.ts',
  // Every command of the documents, every file that is shipped, and commands that need many processes.
  'test/e2e/clone.e2e-spec.ts',
  'test/e2e/documents.e2e-spec.ts',
  'test/e2e/adopt.e2e-spec.ts',
  'test/e2e/migrate-command.e2e-spec.ts',
  'test/e2e/repair-command.e2e-spec.ts',
  'test/e2e/shipped.e2e-spec.ts',
  'test/e2e/start-up.e2e-spec.ts',
  // Programs beside the service: Chromium, Prometheus, the TypeScript compiler.
  'test/e2e/docs-page-browser.e2e-spec.ts',
  'test/e2e/openapi-client.e2e-spec.ts',
  'test/e2e/prometheus.e2e-spec.ts',
  // Packages from the npm registry.
  'test/e2e/test-kit.e2e-spec.ts',
  // Redis.
  'test/faults/redis.spec.ts',
];

/** Files with wall-clock bounds: in the full run, nothing else runs beside them. */
const SERIAL_FILES = [
  'test/clusters/galera.spec.ts',
  'test/clusters/group-replication.spec.ts',
  'test/concurrency/overload.spec.ts',
  'test/e2e/shutdown.e2e-spec.ts',
  'test/faults/clients.spec.ts',
  'test/faults/redis.spec.ts',
  'test/faults/transactions.spec.ts',
  'test/integration/cancelling-an-event.spec.ts',
  'test/integration/mass-offers.spec.ts',
  'test/topology/image.spec.ts',
];

// Functions, because scripts/test.mjs loads this file before it sets the environment.
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

/** Files of these suites that this run leaves out. */
const leftOut = () => (isFull() ? [] : FULL_ONLY_FILES.filter((file) => !isNamed(file)));

/** Files of this run that nothing else runs beside. */
const serialFiles = () => (isFull() ? SERIAL_FILES : []);

/** Whether this is `npm test` without a selection; only scripts/test.mjs sets the patterns. */
const isShortRunOfAll = () =>
  process.env.TEST_PATTERNS === '[]' && !isFull() && chosen().length === 0;

module.exports = { SUITES, WITHOUT_BUILD, isShortRunOfAll, leftOut, serialFiles, suitesOfRun };
