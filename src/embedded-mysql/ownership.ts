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

/** A folder with a listening socket `s` and a note `owner.json`: our candidacy, then our title. */
interface LockCandidate {
  readonly path: string;
  readonly inode: bigint;
  readonly server: Server;
}

/** What an owner tells of itself in `owner.json`. */
interface Note {
  readonly pid: number | string;
  readonly url: string;
}

const ATTEMPTS = 20;
const ABANDONED_MS = 60_000;

/**
 * Takes the folder, or says who has it.
 *
 * The owner is whoever listens in `<root>/owner`; the kernel ends the listening with the process,
 * so a kill -9 leaves no lock that needs guessing about. What a dead owner leaves is a folder that
 * refuses connections. Removing it before taking its place would be a race (the second remover
 * removes the first one's new lock), so it is not removed: the heir moves *into* it, as `next`.
 * Moving a folder onto a name that is taken fails, hence one dead owner has exactly one heir, and
 * should that die too, an heir's heir. The owner is the first in this chain that listens.
 */
export async function takeOwnership(layout: Layout, url: string): Promise<Ownership> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const seat = await prepareSeat(layout, url);
    const isOwner = await takePlace(layout, seat).catch((error: unknown) => {
      withdraw(seat);
      throw error;
    });
    if (isOwner) {
      sweep(layout);
      return { release: () => release(layout, seat) };
    }
    withdraw(seat);
    await pause(10 + Math.random() * 40);
  }
  throw new EmbeddedServerError(`Too many processes at once want to own ${layout.root}.`);
}

async function prepareSeat(layout: Layout, url: string): Promise<LockCandidate> {
  const path = join(layout.root, `own-${randomBytes(3).toString('hex')}`);
  mkdirSync(path, { mode: 0o700 });
  const note: Note = { pid: process.pid, url };
  writeFileSync(join(path, 'owner.json'), `${JSON.stringify(note)}\n`, { mode: 0o600 });
  const server = await listenOn(join(path, 's')).catch((error: unknown) => {
    rmSync(path, { recursive: true, force: true });
    throw new EmbeddedServerError(
      `${layout.root} cannot hold a unix socket (${String(error)}), as the embedded database ` +
        `needs. Set DATA_DIR to a folder on a local disk, or DATABASE_URL to a database.`,
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
  // A failing accept() changes nothing: being connectable is all that is asked of the socket.
  server.on('error', () => undefined);
  chmodSync(socket, 0o600);
  return server;
}

/** True when the seat has become the owner's, false when another was faster: then look again. */
async function takePlace(layout: Layout, seat: LockCandidate): Promise<boolean> {
  const end = await firstListener(layout);
  if (end.listens) throw ownedError(layout, end.place);
  if (!moved(seat.path, end.place)) return false;
  // While we looked, a new owner may have replaced the chain, and we moved in behind it.
  const first = await firstListener(layout);
  if (!first.listens) return false;
  if (isSeatAt(first.place, seat)) return becomeHead(layout, first.place);
  throw ownedError(layout, first.place);
}

/** Follows the chain of heirs to the first that listens, or to the free place at its end. */
async function firstListener(layout: Layout): Promise<{ place: string; listens: boolean }> {
  let place = headOf(layout);
  while (existsSync(place)) {
    if (await isListening(join(place, 's'))) return { place, listens: true };
    place = join(place, 'next');
  }
  return { place, listens: false };
}

/** Takes our folder out of those of the dead. Who used the moment in between is the owner instead. */
function becomeHead(layout: Layout, place: string): boolean {
  const head = headOf(layout);
  if (place === head) return true;
  const grave = join(layout.root, `gone-${randomBytes(3).toString('hex')}`);
  return moved(head, grave) && moved(join(grave, relative(head, place)), head);
}

function release(layout: Layout, seat: LockCandidate): void {
  const head = headOf(layout);
  // First the name, then the listening: the other way round, an heir could move in between.
  const grave = join(layout.root, `gone-${randomBytes(3).toString('hex')}`);
  if (isSeatAt(head, seat) && moved(head, grave)) rmSync(grave, { recursive: true, force: true });
  withdraw(seat);
}

/** A candidate that gives up only stops listening: wherever its folder is now, it counts as dead. */
function withdraw(seat: LockCandidate): void {
  seat.server.close();
  rmSync(seat.path, { recursive: true, force: true });
}

/** Removes what killed processes left, but not the seat of one that is just sitting down. */
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

/** An atomic move onto a free name; false when the name is taken or the way to it has changed. */
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
    // Anything unexpected (a full backlog, another user's folder) is rather a living owner.
    probe.once('error', (error) => resolve(!['ECONNREFUSED', 'ENOENT'].includes(errorCode(error))));
  });
}

function ownedError(layout: Layout, place: string): ServedElsewhereError {
  const { pid, url } = readNote(place);
  return new ServedElsewhereError(
    `The database in ${layout.root} is already served by another running process (pid ${pid}). ` +
      `A second instance beside it attaches to the same database when started with ` +
      `DATABASE_URL='${url}'; one with a database of its own needs another DATA_DIR.`,
    url,
  );
}

function readNote(place: string): Note {
  try {
    return JSON.parse(readFileSync(join(place, 'owner.json'), 'utf8')) as Note;
  } catch {
    // It went away while we looked, or belongs to another user.
    return { pid: 'unknown', url: 'its url' };
  }
}

function headOf(layout: Layout): string {
  return join(layout.root, 'owner');
}

/** A moved folder keeps its inode. */
function isSeatAt(path: string, seat: LockCandidate): boolean {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino === seat.inode;
}
