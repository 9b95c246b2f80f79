// Creates, lists and revokes API keys (src/access/cli).
import { pathToFileURL } from 'node:url';
import { ensureUsable, fail, inRoot, loadSettings, main } from './lib/prepare.mjs';

await main(async () => {
  await ensureUsable();
  await loadSettings();
  const keys = await import(pathToFileURL(inRoot('dist/src/access/cli/index.js')).href);
  try {
    process.exitCode = await keys.main(process.argv.slice(2));
  } catch (error) {
    fail(`keys failed: ${error.message || error.code}`);
  }
});
