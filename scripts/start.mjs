// Runs `npm start`. On a fresh clone it installs and compiles first. Then it becomes the service in the
// same process, so that a signal or a kill -9 reaches the service and not a parent process.
import { MAIN, become, ensureRunnable, loadSettings, main } from './lib/prepare.mjs';

await main(async () => {
  await ensureRunnable();
  // An argument only asks for help or the version, or is unknown.
  if (process.argv.length === 2) await loadSettings();
  await become(MAIN, process.argv.slice(2));
});
