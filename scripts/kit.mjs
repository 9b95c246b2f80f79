// Packs the test kit for use outside this repository (docs/testing.md). The last line of output is the
// path of the package.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ensurePackages, inRoot, main, npm } from './lib/prepare.mjs';

const KIT = inRoot('test/kit');
const PACKAGE = inRoot('.data/kit/package');
const FILE = inRoot('.data/kit/rowlock-test-kit.tgz');

await main(async () => {
  await ensurePackages();
  rmSync(path.dirname(PACKAGE), { recursive: true, force: true });
  mkdirSync(PACKAGE, { recursive: true });
  const compile = ['-p', path.join(KIT, 'tsconfig.json'), '--outDir', PACKAGE];
  run(process.execPath, [inRoot('node_modules/typescript/bin/tsc'), ...compile]);
  copyFileSync(path.join(KIT, 'package.json'), path.join(PACKAGE, 'package.json'));
  const [command, args] = npm(['pack', '--silent', '--pack-destination', path.dirname(FILE)]);
  const packed = run(command, args, PACKAGE).trim().split('\n').at(-1);
  renameSync(path.join(path.dirname(FILE), packed), FILE);
  console.log(FILE);
});

function run(command, args, cwd) {
  return execFileSync(command, args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}
