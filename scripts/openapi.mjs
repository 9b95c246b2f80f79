// `npm run openapi`: sends the examples of the OpenAPI document to a service, writes down what happens,
// and writes the document to docs/openapi.json. Look at what has changed before it is committed.
import { spawnSync } from 'node:child_process';
import { ROOT, ensureBuild, ensurePackages, inRoot, main } from './lib/prepare.mjs';

await main(async () => {
  await ensurePackages();
  await ensureBuild();
  process.chdir(ROOT);
  // One after the other: the document holds the examples.
  for (const suite of ['openapi-examples', 'openapi-document']) {
    const jest = inRoot('node_modules/jest/bin/jest.js');
    const { status } = spawnSync(
      process.execPath,
      [jest, '--selectProjects', 'e2e', '--testPathPatterns', suite],
      { stdio: 'inherit', env: { ...process.env, RECORD_OPENAPI: '1' } },
    );
    if (status !== 0) process.exit(status ?? 1);
  }
});
