// Brings a clone to the point where it can run: packages installed, code compiled. Node built-ins
// only, because on a fresh clone nothing else exists yet.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { hashOfSources } from './fingerprint.mjs';
import { shareLock, withLock } from './lock.mjs';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const inRoot = (file) => path.join(ROOT, file);
export const MAIN = inRoot('dist/src/main.js');

const LOCK = inRoot('.data/prepare.lock');
const BUILD_STAMP = inRoot('dist/.sources');

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** Stops with one clear sentence; a stack trace would only hide it. */
export function fail(message, code = 1) {
  console.error(message);
  process.exit(code);
}

export function checkNode() {
  const wanted = readJson(inRoot('package.json')).engines.node.replace(/^>=/, '');
  if (process.versions.node.localeCompare(wanted, 'en', { numeric: true }) >= 0) return;
  fail(`Rowlock needs Node ${wanted} or newer; this is ${process.versions.node}.`);
}

/** The settings of .env, if there is one. What the environment already says wins over the file. */
export function loadSettings() {
  if (existsSync(inRoot('.env'))) process.loadEnvFile(inRoot('.env'));
}

/** Packages and code to run the service. Without sources there is nothing to make them from. */
export async function ensureRunnable() {
  if (!hasSources()) return expectRunnable();
  // What is compiled already needs no compiler.
  await ensurePackages({ dev: !buildIsCurrent() });
  await ensureBuild();
}

/**
 * The same for a command beside a service that may be running: it leaves dist and node_modules alone, if
 * both are there, since the service would lose its files while they are made again.
 */
export async function ensureUsable() {
  const mayRun = existsSync(MAIN) && existsSync(inRoot('node_modules'));
  if (hasSources() && !mayRun) return ensureRunnable();
  expectRunnable();
  if (hasSources() && existsSync(BUILD_STAMP) && !buildIsCurrent()) {
    console.error('What is compiled is not of these sources; npm run build compiles them.');
  }
}

function expectRunnable() {
  if (!existsSync(MAIN)) {
    fail('dist/src/main.js is missing, and there are no sources here to compile: copy dist here.');
  }
  const [one, ...others] = packagesMissing();
  if (one === undefined) return;
  const more = others.length > 0 ? ` and ${others.length} more` : '';
  const remedy = hasSources() ? 'npm ci' : 'npm ci --omit=dev';
  fail(`node_modules lacks ${one}${more}: stop the service if it runs from here, then ${remedy}`);
}

/** Installs what package-lock.json names, if node_modules holds anything else. */
export async function ensurePackages({ dev = true } = {}) {
  if (packagesAreCurrent(dev)) return;
  await withLock(LOCK, async () => {
    if (packagesAreCurrent(dev)) return;
    // NODE_ENV=production makes npm leave out what the build needs, so the wish is always spoken.
    const scope = dev ? '--include=dev' : '--omit=dev';
    const [command, args] = npm(['ci', scope, '--no-audit', '--no-fund']);
    await step('Installing packages', command, args);
  });
}

/** Compiles src, migrations and ormconfig, if dist was not made from exactly these. */
export async function ensureBuild() {
  if (buildIsCurrent()) return;
  await withLock(LOCK, async () => {
    if (buildIsCurrent()) return;
    const sources = hashOfSources(ROOT);
    await step('Compiling', process.execPath, [
      inRoot('node_modules/@nestjs/cli/bin/nest.js'),
      'build',
    ]);
    // Last, and `nest build` empties dist first: an interrupted build is never taken for a whole one.
    writeFileSync(BUILD_STAMP, sources);
  });
}

/** An image ships dist without src. */
const hasSources = () => existsSync(inRoot('src'));

function buildIsCurrent() {
  if (!existsSync(MAIN)) return false;
  return existsSync(BUILD_STAMP) && readFileSync(BUILD_STAMP, 'utf8') === hashOfSources(ROOT);
}

/** Runs a script as if it had been given to node, in this process: signals and exit code are its own. */
export async function become(script, args) {
  process.argv = [process.argv[0], script, ...args];
  await import(pathToFileURL(script).href);
}

/**
 * npm writes node_modules/.package-lock.json when an installation is complete, so comparing the two
 * also notices one that was broken off, and one made by hand with `npm install` counts as well.
 */
function packagesAreCurrent(dev) {
  const installed = inRoot('node_modules/.package-lock.json');
  if (!existsSync(installed)) return false;
  const present = readJson(installed).packages;
  return Object.entries(readJson(inRoot('package-lock.json')).packages).every(([where, wanted]) => {
    const found = present[where];
    if (found) return found.version === wanted.version && found.integrity === wanted.integrity;
    const needless = wanted.optional || wanted.devOptional || (wanted.dev && !dev);
    return where === '' || needless;
  });
}

/** Names of packages that production needs and that are not there, in whatever version. */
function packagesMissing() {
  return Object.entries(readJson(inRoot('package-lock.json')).packages)
    .filter(([where, { dev, optional, devOptional }]) => where && !dev && !optional && !devOptional)
    .filter(([where]) => !existsSync(inRoot(`${where}/package.json`)))
    .map(([where]) => where.replace(/^node_modules\//, ''));
}

/** The very npm that started us if there is one; `npm` on the PATH is a shell script on Windows. */
export function npm(args) {
  const running = process.env.npm_execpath ?? '';
  if (/npm-cli\.c?js$/.test(running)) return [process.execPath, [running, ...args]];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm', args];
}

/** One progress line with the seconds it took; what the command printed is shown only if it failed. */
async function step(label, command, args) {
  const startedAt = performance.now();
  process.stderr.write(`${label} ... `);
  const { code, output } = await run(command, args);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stderr.write(code === 0 ? `${seconds} s\n` : `failed after ${seconds} s\n${output}\n`);
  if (code !== 0) throw new StepFailed(`${label} failed`);
}

function run(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: command.endsWith('.cmd'),
    });
    if (child.pid) shareLock(LOCK, child.pid);
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    child.on('error', (error) => resolve({ code: 1, output: error.message }));
    child.on('close', (code) => resolve({ code, output: Buffer.concat(chunks).toString() }));
  });
}

class StepFailed extends Error {}

/** What the scripts do, with a failed step ending the process after its output has been shown. */
export async function main(work) {
  checkNode();
  try {
    await work();
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    process.exitCode = 1;
  }
}
