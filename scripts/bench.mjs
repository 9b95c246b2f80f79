// What `npm run bench` runs: the benchmark with the arguments given, on a clone that lacks nothing.
import { spawnSync } from 'node:child_process';
import { ROOT, become, ensureBuild, ensurePackages, fail, inRoot, main } from './lib/prepare.mjs';

await main(async () => {
  await ensurePackages();
  await ensureBuild();
  compileBench();
  process.chdir(ROOT);
  await become(inRoot('bench/dist/bench/main.js'), process.argv.slice(2));
});

/** Incremental, so it costs nothing when nothing has changed. */
function compileBench() {
  const tsc = inRoot('node_modules/typescript/bin/tsc');
  const run = spawnSync(process.execPath, [tsc, '-p', inRoot('bench')], { encoding: 'utf8' });
  if (run.status !== 0) fail(`Compiling the benchmark failed:\n${run.stdout}${run.stderr}`);
}
