// Writes the settings table between its two markers in docs/operations.md, and everything below the
// introduction of .env.example. A test compares both with the schema (test/unit/settings.spec.ts).
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { ensureRunnable, fail, inRoot, main } from './lib/prepare.mjs';

const DOCUMENT = inRoot('docs/operations.md');
const ENV_FILE = inRoot('.env.example');
const INTRODUCTION = /^[^]*?\n\n/;
const TABLE = /(<!-- settings: [^>]*-->\n\n)[^]*(\n\n<!-- end of settings -->)/;

await main(async () => {
  await ensureRunnable();
  const compiled = inRoot('dist/src/platform/config/settings-table.js');
  const { settingsAsEnvFile, settingsAsMarkdown } = await import(pathToFileURL(compiled).href);
  const document = readFileSync(DOCUMENT, 'utf8');
  if (!TABLE.test(document)) fail('docs/operations.md lacks the markers of the settings table.');
  const table = settingsAsMarkdown();
  writeFileSync(
    DOCUMENT,
    document.replace(TABLE, (_, start, end) => start + table + end),
  );
  const [introduction] = INTRODUCTION.exec(readFileSync(ENV_FILE, 'utf8'));
  writeFileSync(ENV_FILE, introduction + settingsAsEnvFile());
});
