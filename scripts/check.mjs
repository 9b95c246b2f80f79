// Runs all checks that need no test, in parallel. Prints the time of each, and the output of those that
// fail.
import { spawn } from 'node:child_process';
import { ensurePackages, inRoot, main } from './lib/prepare.mjs';

const BIN = 'node_modules/.bin';
// Files that have not changed since the last check are not checked again.
const CACHES = '.data/check';

const CHECKS = {
  lint: [`${BIN}/oxlint`, '--type-aware', '--deny-warnings'],
  types: [`${BIN}/tsc`, '--noEmit', '--incremental', '--tsBuildInfoFile', `${CACHES}/types.json`],
  format: [
    `${BIN}/prettier`,
    '--check',
    '.',
    '--log-level=warn',
    '--cache',
    '--cache-strategy=content',
    `--cache-location=${CACHES}/format.json`,
  ],
  architecture: [`${BIN}/depcruise`, 'src', 'ormconfig.ts', 'migrations'],
};

await main(async () => {
  await ensurePackages();
  const passed = await Promise.all(
    Object.entries(CHECKS).map(([name, command]) => check(name, command)),
  );
  if (passed.includes(false)) process.exitCode = 1;
});

async function check(name, [command, ...args]) {
  const startedAt = performance.now();
  const { code, output } = await run(command, args);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(
    code === 0 ? `${name}: ok, ${seconds} s` : `${output}\n${name}: FAILED, ${seconds} s`,
  );
  return code === 0;
}

function run(command, args) {
  return new Promise((resolve) => {
    const child = spawn(inRoot(command), args, {
      cwd: inRoot('.'),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    child.on('error', (error) => resolve({ code: 1, output: error.message }));
    child.on('close', (code) => resolve({ code, output: Buffer.concat(chunks).toString() }));
  });
}
