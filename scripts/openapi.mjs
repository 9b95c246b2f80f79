// `npm run openapi` records the examples of the OpenAPI document from a running service and writes the
// document to docs/openapi.json. Review the changes before you commit them.
import { spawnSync } from 'node:child_process';
import { ROOT, ensureBuild, ensurePackages, inRoot, main } from './lib/prepare.mjs';

await main(async () => {
  await ensurePackages();
  await ensureBuild();
  process.chdir(ROOT);
  // In this order: the document contains the examples.
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
