// What `npm start` runs. On a fresh clone it installs and compiles first; then it becomes the service,
// so that a signal or a kill -9 reaches the service itself and not a parent of it.
import { MAIN, become, ensureRunnable, loadSettings, main } from './lib/prepare.mjs';

await main(async () => {
  loadSettings();
  await ensureRunnable();
  await become(MAIN, process.argv.slice(2));
});
