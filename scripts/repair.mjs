// Makes the counters of an event agree with its rows (src/events/cli).
import { pathToFileURL } from 'node:url';
import { ensureUsable, fail, inRoot, loadSettings, main } from './lib/prepare.mjs';

await main(async () => {
  await ensureUsable();
  await loadSettings();
  const repair = await import(pathToFileURL(inRoot('dist/src/events/cli/index.js')).href);
  try {
    process.exitCode = await repair.main(process.argv.slice(2));
  } catch (error) {
    fail(`repair failed: ${error.message || error.code}`);
  }
});
