const { availableParallelism } = require('node:os');
const { leftOut, serialFiles, suitesOfRun } = require('./test/setup/suites.cjs');

// Nest 12 and a few transitive packages are ESM-only; jest cannot require(esm) below Node 24.9,
// so SWC turns exactly these into CommonJS.
const ESM_ONLY = [
  '@nestjs/[^/]+',
  'content-disposition',
  'cookie',
  'file-type',
  'strtok3',
  'token-types',
  'uint8array-extras',
  '@tokenizer/inflate',
  '@borewit/text-codec',
];

const typescript = {
  swcrc: false,
  sourceMaps: 'inline',
  jsc: {
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
    target: 'es2022',
    keepClassNames: true,
  },
};
const javascript = { swcrc: false, jsc: { parser: { syntax: 'ecmascript' }, target: 'es2022' } };

const patternsOf = (files) => files.map((file) => `<rootDir>/${file}$`);

/** One jest project a suite: `npm test` runs all, `npm run test:e2e` and its like run one. */
const suite = (displayName, testMatch, options = {}) => ({
  displayName,
  testMatch,
  testPathIgnorePatterns: ['/node_modules/', ...patternsOf([...leftOut(), ...serialFiles()])],
  testEnvironment: 'node',
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.ts$': ['@swc/jest', typescript], '^.+\\.m?js$': ['@swc/jest', javascript] },
  transformIgnorePatterns: [`/node_modules/(?!.*/node_modules/)(?!(?:${ESM_ONLY.join('|')})/)`],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.data/'],
  ...options,
});

const onDatabase = {
  globalSetup: '<rootDir>/test/setup/global-setup.ts',
  globalTeardown: '<rootDir>/test/setup/global-teardown.ts',
  testEnvironment: '<rootDir>/test/setup/environment.ts',
};

const PROJECTS = [
  suite('unit', ['<rootDir>/src/**/*.spec.ts', '<rootDir>/test/unit/**/*.spec.ts']),
  suite('architecture', ['<rootDir>/test/architecture/**/*.spec.ts']),
  suite('embedded', ['<rootDir>/test/embedded/**/*.spec.ts']),
  suite('integration', ['<rootDir>/test/integration/**/*.spec.ts'], onDatabase),
  suite('e2e', ['<rootDir>/test/e2e/**/*.e2e-spec.ts'], onDatabase),
  suite('concurrency', ['<rootDir>/test/concurrency/**/*.spec.ts'], onDatabase),
  suite('faults', ['<rootDir>/test/faults/**/*.spec.ts'], onDatabase),
  suite('fuzz', ['<rootDir>/test/fuzz/**/*.spec.ts'], onDatabase),
  suite('topology', ['<rootDir>/test/topology/**/*.spec.ts'], onDatabase),
];

/** The files of a suite that run alone, as another project of that name. */
const alone = (project) => ({
  ...project,
  testMatch: serialFiles()
    .filter((file) => file.startsWith(`test/${project.displayName}/`))
    .map((file) => `<rootDir>/${file}`),
  testPathIgnorePatterns: ['/node_modules/', ...patternsOf(leftOut())],
  runner: '<rootDir>/test/setup/serial-runner.cjs',
});

const selected = PROJECTS.filter(({ displayName }) => suitesOfRun().includes(displayName));

module.exports = {
  // Far more than any test needs, for busy machines.
  testTimeout: 120_000,
  // One more than there are cores, because many tests wait for a time-out or another process. Jest's
  // default is one fewer, which on two cores is one.
  maxWorkers: availableParallelism() + 1,
  // Contexts of earlier files are not all freed, and collecting the garbage of a large heap takes long.
  workerIdleMemoryLimit: '600MB',
  reporters: ['default', '<rootDir>/test/setup/reporter.cjs'],
  collectCoverageFrom: ['src/**/*.ts', '!src/**/*.spec.ts', '!src/main.ts'],
  projects: [...selected, ...selected.map(alone).filter(({ testMatch }) => testMatch.length > 0)],
};
