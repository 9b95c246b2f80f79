// What `npm start` runs. On a fresh clone it installs and compiles first; then it becomes the service,
// so that a signal or a kill -9 reaches the service itself and not a parent of it.
import { existsSync } from 'node:fs';
import path from 'node:path';
import {
  MAIN,
  ROOT,
  become,
  buildIsCurrent,
  ensureBuild,
  ensurePackages,
  main,
} from './lib/prepare.mjs';

await main(async () => {
  const settings = path.join(ROOT, '.env');
  // What the environment already says wins over the file.
  if (existsSync(settings)) process.loadEnvFile(settings);

  const onlyRun = process.env.NODE_ENV === 'production' && buildIsCurrent();
  await ensurePackages({ dev: !onlyRun });
  await ensureBuild();
  await become(MAIN, process.argv.slice(2));
});
