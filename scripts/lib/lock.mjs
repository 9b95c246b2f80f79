import {
  appendFileSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 200;
/** The owner's process id may be reused, or belong to another container that shares the folder. */
const ABANDONED_AFTER_MS = 15 * 60_000;

/** Runs the work in one process at a time per clone: two `npm ci` at once corrupt node_modules. */
export async function withLock(file, work) {
  await acquire(file);
  const release = () => rmSync(file, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

/** Makes a child a co-owner of the lock: `npm ci` outlives a start that is killed. */
export function shareLock(file, pid) {
  appendFileSync(file, ` ${pid}`);
}

async function acquire(file) {
  mkdirSync(path.dirname(file), { recursive: true });
  let announced = false;
  while (!tryAcquire(file)) {
    if (isAbandoned(file)) {
      discard(file);
      continue;
    }
    if (!announced)
      process.stderr.write('Waiting for another process that is preparing this clone ...\n');
    announced = true;
    await sleep(POLL_MS);
  }
}

/** A link appears together with its content, so nobody ever reads a lock without an owner. */
function tryAcquire(file) {
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    linkSync(mine, file);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(mine, { force: true });
  }
}

function isAbandoned(file) {
  try {
    const tooOld = Date.now() - statSync(file).mtimeMs > ABANDONED_AFTER_MS;
    const owners = readFileSync(file, 'utf8').split(' ').map(Number);
    return tooOld || !owners.some(isAlive);
  } catch (error) {
    if (error.code === 'ENOENT') return false;
    throw error;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code !== 'ESRCH';
  }
}

/** Two processes may find the same stale lock; one that moves a fresh lock by mistake puts it back. */
function discard(file) {
  const removed = `${file}.dead.${process.pid}`;
  try {
    renameSync(file, removed);
    if (!isAbandoned(removed)) linkSync(removed, file);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  } finally {
    rmSync(removed, { force: true });
  }
}
