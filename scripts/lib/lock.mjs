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
/** A process id may be reused, or belong to another container that shares the folder. */
const ABANDONED_AFTER_MS = 15 * 60_000;

/** Runs the work while no other process on this clone does: two `npm ci` at once ruin node_modules. */
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

/** Keeps the lock for a child that may outlive its parent: a killed start leaves its `npm ci` behind. */
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
    if (!announced) process.stderr.write('Waiting for another start of this clone ...\n');
    announced = true;
    await sleep(POLL_MS);
  }
}

/** A link appears together with its content, so nobody ever reads a lock that has no owner yet. */
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

/** Two waiters may find the same dead lock: whoever moves away a living one by mistake puts it back. */
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
