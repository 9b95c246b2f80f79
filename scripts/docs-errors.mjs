// Writes the tables of errors into docs/errors.md, between their marks. A test holds them to the
// catalogue (test/unit/errors.spec.ts).
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { ensureRunnable, inRoot, main } from './lib/prepare.mjs';

const DOCUMENT = inRoot('docs/errors.md');

await main(async () => {
  await ensureRunnable();
  const compiled = inRoot('dist/src/platform/errors/problems/problems-table.js');
  const { withProblemTables } = await import(pathToFileURL(compiled).href);
  writeFileSync(DOCUMENT, withProblemTables(readFileSync(DOCUMENT, 'utf8')));
});
