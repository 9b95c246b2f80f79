import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join, relative } from 'node:path';
import { EmbeddedServerError, ServedElsewhereError } from './embedded-server.error.js';
import { errorCode } from './error-code.js';
import type { Layout } from './layout.js';
import { pause } from './timing.js';

/** The right, held by one process at a time, to run a server on a data folder. */
export interface Ownership {
  release(): void;
}

/** A folder with a listening socket `s` and a note `owner.json`; it claims, then proves ownership. */
interface LockCandidate {
  readonly path: string;
  readonly inode: bigint;
  readonly server: Server;
}

/** The content of `owner.json`. */
interface Note {
  readonly pid: number | string;
  readonly url: string;
}

const ATTEMPTS = 20;
const ABANDONED_MS = 60_000;

/**
 * Takes ownership of the data folder, or throws an error that names the owner.
 *
 * The owner is the process that listens in `<root>/owner`. The kernel closes that socket with the process,
 * so a kill -9 leaves no ambiguous lock: a dead owner leaves a folder that refuses connections. Removing
 * that folder first would be a race (a second process could remove the first one's new lock). So the
 * successor moves its own folder *into* it, as `next`. A move onto an existing name fails, so a dead owner
 * has exactly one successor, which may have a successor in turn. The owner is the first in this chain that
 * listens.
 */
export async function takeOwnership(layout: Layout, url: string): Promise<Ownership> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const candidate = await createCandidate(layout, url);
    const isOwner = await becomeOwner(layout, candidate).catch((error: unknown) => {
      withdraw(candidate);
      throw error;
    });
    if (isOwner) {
      sweep(layout);
      return { release: () => release(layout, candidate) };
    }
    withdraw(candidate);
    await pause(10 + Math.random() * 40);
  }
  throw new EmbeddedServerError(`Too many processes are trying to use ${layout.root} at once.`);
}

async function createCandidate(layout: Layout, url: string): Promise<LockCandidate> {
  const path = join(layout.root, `own-${randomBytes(3).toString('hex')}`);
  mkdirSync(path, { mode: 0o700 });
  const note: Note = { pid: process.pid, url };
  writeFileSync(join(path, 'owner.json'), `${JSON.stringify(note)}\n`, { mode: 0o600 });
  const server = await listenOn(join(path, 's')).catch((error: unknown) => {
    rmSync(path, { recursive: true, force: true });
    throw new EmbeddedServerError(
      `The embedded database needs a Unix socket, which ${layout.root} cannot hold ` +
        `(${String(error)}). Set DATA_DIR to a folder on a local disk, or set DATABASE_URL.`,
      { cause: error },
    );
  });
  return { path, inode: statSync(path, { bigint: true }).ino, server };
}

async function listenOn(socket: string): Promise<Server> {
  const server = createServer((caller) => caller.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, resolve);
  });
  // A failing accept() does no harm: the socket only has to be connectable.
  server.on('error', () => undefined);
  chmodSync(socket, 0o600);
  return server;
}

/** True if we are the owner now; false if another process was faster, so try again. */
async function becomeOwner(layout: Layout, candidate: LockCandidate): Promise<boolean> {
  const end = await firstListener(layout);
  if (end.listens) throw ownedError(layout, end.place);
  if (!moved(candidate.path, end.place)) return false;
  // A new owner may have replaced the chain meanwhile, and we moved in behind it.
  const first = await firstListener(layout);
  if (!first.listens) return false;
  if (isCandidateAt(first.place, candidate)) return becomeHead(layout, first.place);
  throw ownedError(layout, first.place);
}

/** Follows the chain of successors to the first that listens, or to the free place at its end. */
async function firstListener(layout: Layout): Promise<{ place: string; listens: boolean }> {
  let place = headOf(layout);
  while (existsSync(place)) {
    if (await isListening(join(place, 's'))) return { place, listens: true };
    place = join(place, 'next');
  }
  return { place, listens: false };
}

/** Moves our folder to the head of the chain. False if another process took that place in between. */
function becomeHead(layout: Layout, place: string): boolean {
  const head = headOf(layout);
  if (place === head) return true;
  const grave = join(layout.root, `gone-${randomBytes(3).toString('hex')}`);
  return moved(head, grave) && moved(join(grave, relative(head, place)), head);
}

function release(layout: Layout, candidate: LockCandidate): void {
  const head = headOf(layout);
  // Give up the name before the socket: the other way round, a successor could move in between.
  const grave = join(layout.root, `gone-${randomBytes(3).toString('hex')}`);
  if (isCandidateAt(head, candidate) && moved(head, grave))
    rmSync(grave, { recursive: true, force: true });
  withdraw(candidate);
}

/** A candidate gives up by closing its socket: wherever its folder is now, it counts as dead. */
function withdraw(candidate: LockCandidate): void {
  candidate.server.close();
  rmSync(candidate.path, { recursive: true, force: true });
}

/** Removes what killed processes left behind, but not the folder of one that is just starting. */
function sweep(layout: Layout): void {
  for (const name of readdirSync(layout.root)) {
    if (!/^(?:own|gone)-[0-9a-f]{6}$/.test(name)) continue;
    const path = join(layout.root, name);
    const { mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? { mtimeMs: Infinity };
    const isGrave = name.startsWith('gone-');
    if (isGrave || Date.now() - mtimeMs > ABANDONED_MS) {
      rmSync(path, { recursive: true, force: true });
    }
  }
}

/** Moves a folder atomically onto a free name; false if the name is taken or a parent has moved. */
function moved(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (['EEXIST', 'ENOTEMPTY', 'ENOENT'].includes(errorCode(error))) return false;
    throw error;
  }
}

async function isListening(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(socket);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    // Anything unexpected (a full backlog, another user's folder) suggests a living owner.
    probe.once('error', (error) => resolve(!['ECONNREFUSED', 'ENOENT'].includes(errorCode(error))));
  });
}

function ownedError(layout: Layout, place: string): ServedElsewhereError {
  const { pid, url } = readNote(place);
  return new ServedElsewhereError(
    `The database in ${layout.root} is already served by another running process (pid ${pid}). ` +
      `To start a second instance on the same database, set DATABASE_URL='${url}'. ` +
      `To start one with its own database, set DATA_DIR to another folder.`,
    url,
  );
}

function readNote(place: string): Note {
  try {
    return JSON.parse(readFileSync(join(place, 'owner.json'), 'utf8')) as Note;
  } catch {
    // The owner stopped meanwhile, or belongs to another user.
    return { pid: 'unknown', url: 'its url' };
  }
}

function headOf(layout: Layout): string {
  return join(layout.root, 'owner');
}

/** Compares inodes, because a moved folder keeps its inode. */
function isCandidateAt(path: string, candidate: LockCandidate): boolean {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino === candidate.inode;
}
