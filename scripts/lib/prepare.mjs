// Prepares a clone to run: installs packages and compiles. Uses Node built-ins only, because a fresh
// clone has nothing else.
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

/** Exits with a clear message; a stack trace would only hide it. */
export function fail(message, code = 1) {
  console.error(message);
  process.exit(code);
}

export function checkNode() {
  const range = readJson(inRoot('package.json')).engines.node;
  if (isInRange(process.versions.node, range)) return;
  fail(`Rowlock requires Node ${range}; this is Node ${process.versions.node}.`);
}

/** Understands the two forms used in engines: `^22.13.0` and `>=24.11.0`, joined by `||`. */
function isInRange(version, range) {
  return range.split('||').some((part) => {
    const [, form, lowest] = /^(\^|>=)(\d+\.\d+\.\d+)$/.exec(part.trim());
    const isRecent = version.localeCompare(lowest, 'en', { numeric: true }) >= 0;
    return isRecent && (form === '>=' || Number.parseInt(version) === Number.parseInt(lowest));
  });
}

/**
 * Loads .env if it exists; Rowlock must be compiled. Variables already in the environment take
 * precedence.
 */
export async function loadSettings() {
  if (!existsSync(inRoot('.env'))) return;
  const compiled = inRoot('dist/src/platform/config/env-file.js');
  const { readEnvFile, EnvFileError } = await import(pathToFileURL(compiled).href);
  try {
    for (const [name, value] of readEnvFile(inRoot('.env'))) process.env[name] ??= value;
  } catch (error) {
    if (!(error instanceof EnvFileError)) throw error;
    fail(error.message);
  }
}

/** Makes the service runnable. Without sources (an image), it only checks that everything is there. */
export async function ensureRunnable() {
  if (!hasSources()) return expectRunnable();
  // Code that is already compiled needs no compiler.
  await ensurePackages({ dev: !buildIsCurrent() });
  await ensureBuild();
}

/**
 * The same for a command that may run beside the service. If dist and node_modules exist, it leaves them
 * alone: rebuilding them would delete files that the running service still needs.
 */
export async function ensureUsable() {
  const mayRun = existsSync(MAIN) && existsSync(inRoot('node_modules'));
  if (hasSources() && !mayRun) return ensureRunnable();
  expectRunnable();
  if (hasSources() && existsSync(BUILD_STAMP) && !buildIsCurrent()) {
    console.error('dist was compiled from other sources than these; npm run build compiles again.');
  }
}

function expectRunnable() {
  if (!existsSync(MAIN)) {
    fail('dist/src/main.js is missing, and there are no sources to compile. Copy dist here.');
  }
  const [one, ...others] = packagesMissing();
  if (one === undefined) return;
  const more = others.length > 0 ? ` and ${others.length} more` : '';
  const remedy = hasSources() ? 'npm ci' : 'npm ci --omit=dev';
  fail(
    `node_modules lacks ${one}${more}. Stop the service if it runs from here, then run ${remedy}.`,
  );
}

/** Installs the packages in package-lock.json unless node_modules already matches. */
export async function ensurePackages({ dev = true } = {}) {
  if (packagesAreCurrent(dev)) return;
  await withLock(LOCK, async () => {
    if (packagesAreCurrent(dev)) return;
    // Always explicit: with NODE_ENV=production, npm would omit what the build needs. No package needs
    // its install script.
    const scope = dev ? '--include=dev' : '--omit=dev';
    const [command, args] = npm(['ci', scope, '--ignore-scripts', '--no-audit', '--no-fund']);
    await step('Installing packages', command, args);
  });
}

/** Compiles src, migrations and ormconfig unless dist was built from exactly these sources. */
export async function ensureBuild() {
  if (buildIsCurrent()) return;
  await withLock(LOCK, async () => {
    if (buildIsCurrent()) return;
    const sources = hashOfSources(ROOT);
    await step('Compiling', process.execPath, [
      inRoot('node_modules/@nestjs/cli/bin/nest.js'),
      'build',
    ]);
    // Written last, and `nest build` empties dist first, so an interrupted build never looks complete.
    writeFileSync(BUILD_STAMP, sources);
  });
}

/** An image ships dist without src. */
const hasSources = () => existsSync(inRoot('src'));

function buildIsCurrent() {
  if (!existsSync(MAIN)) return false;
  return existsSync(BUILD_STAMP) && readFileSync(BUILD_STAMP, 'utf8') === hashOfSources(ROOT);
}

/** Runs a script in this process as if node had been started with it: it gets signals and sets the exit code. */
export async function become(script, args) {
  process.argv = [process.argv[0], script, ...args];
  await import(pathToFileURL(script).href);
}

/**
 * npm writes node_modules/.package-lock.json when an installation is complete. Comparing the two files
 * therefore detects an interrupted installation, and accepts one made by hand with `npm install`.
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

/** Names of production packages that are not installed in any version. */
function packagesMissing() {
  return Object.entries(readJson(inRoot('package-lock.json')).packages)
    .filter(([where, { dev, optional, devOptional }]) => where && !dev && !optional && !devOptional)
    .filter(([where]) => !existsSync(inRoot(`${where}/package.json`)))
    .map(([where]) => where.replace(/^node_modules\//, ''));
}

/** The npm that started this process, if any; `npm` on the PATH is a shell script on Windows. */
export function npm(args) {
  const running = process.env.npm_execpath ?? '';
  if (/npm-cli\.c?js$/.test(running)) return [process.execPath, [running, ...args]];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm', args];
}

/** Prints one progress line with the duration; shows the command's output only if it failed. */
async function step(label, command, args) {
  const startedAt = performance.now();
  process.stderr.write(`${label} ... `);
  const { code, output } = await run(command, args);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stderr.write(code === 0 ? `${seconds} s\n` : `failed after ${seconds} s\n${output}\n`);
  if (code !== 0) throw new StepFailed(`${label} failed`);
}

/**
 * What npm and the compiler need of the environment: programs, folders, the language, the way to the
 * registry, and npm's own settings. They run other people's code, so they get no setting of the service.
 */
const TOOL_VARIABLES =
  /^(?:PATH|HOME|USER|LANG|LC_\w+|TZ|TMPDIR|TEMP|TMP|XDG_\w+|(?:https?|all|no)_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_(?:FILE|DIR)|NPM_TOKEN|npm_config_.+|SystemRoot|ComSpec|PATHEXT|USERPROFILE|(?:LOCAL)?APPDATA|ProgramFiles)$/i;

const toolEnvironment = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => TOOL_VARIABLES.test(name)));

function run(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: toolEnvironment(),
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

/** Runs a script; a failed step, whose output has been shown already, sets the exit code to 1. */
export async function main(work) {
  checkNode();
  try {
    await work();
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    process.exitCode = 1;
  }
}
