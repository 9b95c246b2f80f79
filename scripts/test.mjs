// What `npm test` and its like run: jest with the arguments given, on a clone that lacks nothing.
import { createRequire } from 'node:module';
import { ROOT, become, ensureBuild, ensurePackages, fail, inRoot, main } from './lib/prepare.mjs';
import { UnknownSuite, readArguments, wordsIn } from './lib/test-arguments.mjs';

const { SUITES, WITHOUT_BUILD } = createRequire(import.meta.url)('../test/setup/suites.cjs');

await main(async () => {
  const { isFull, suites, rest } = readOwnArguments();
  await ensurePackages();
  // The other suites start dist/src/main.js as processes of their own.
  const selected = suites.length > 0 ? suites : SUITES;
  if (!selected.every((suite) => WITHOUT_BUILD.includes(suite))) await ensureBuild();
  // test/setup/suites.cjs reads all three.
  if (isFull) process.env.TEST_FULL = '1';
  process.env.TEST_SUITES = suites.join(',');
  process.env.TEST_PATTERNS = JSON.stringify(wordsIn(rest));
  process.chdir(ROOT);
  await become(inRoot('node_modules/jest/bin/jest.js'), rest);
});

function readOwnArguments() {
  try {
    return readArguments(process.argv.slice(2), SUITES);
  } catch (error) {
    if (error instanceof UnknownSuite) fail(`npm test: ${error.message}`, 2);
    throw error;
  }
}
