import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import type { Engine, ServerBinary } from './binary.js';
import { EmbeddedServerError } from './embedded-server.error.js';
import { errorCode } from './error-code.js';
import type { Layout } from './layout.js';

/** What `rowlock.json` says: that the folder is ours, and which engine its data is for. */
export interface Marker {
  readonly engine: Engine;
  readonly version: string;
  readonly created: string;
}

// Also the start of its drafts' names: another process may be claiming the folder this moment.
const MARKER = 'rowlock.json';

/** Refuses a folder that is someone else's, touching nothing; tells which engine made our own. */
export function inspectFolder(layout: Layout): Marker | undefined {
  const names = listFolder(layout);
  if (names.length > 0 && !names.some((name) => name.startsWith(MARKER))) {
    throw new EmbeddedServerError(
      `${layout.root} holds files that are not of this application (${names[0]}), and is left as ` +
        `it is. Set DATA_DIR to another folder.`,
    );
  }
  if (!existsSync(layout.data)) return undefined;
  const marker = readMarker(layout);
  if (marker) return marker;
  throw new EmbeddedServerError(
    `${layout.marker} is damaged, so that it is unknown which engine wrote ${layout.data}. ` +
      `Restore it, for example: {"engine":"MariaDB","version":"10.11.0","created":""}`,
  );
}

/** Data of one engine is unreadable to the other, and trying would damage it. */
export function assertSameEngine(layout: Layout, marker: Marker, binary: ServerBinary): void {
  if (marker.engine === binary.engine) return;
  const variable = marker.engine === 'MariaDB' ? 'mariadbd' : 'mysqld of MySQL';
  throw new EmbeddedServerError(
    `The data in ${layout.root} was made by ${marker.engine} ${marker.version}, but the server ` +
      `found is ${binary.engine} ${binary.version} (${binary.path}). Set EMBEDDED_MYSQLD to the ` +
      `path of a ${variable}, or DATA_DIR to another folder for a new database.`,
  );
}

/** Makes the folder ours: private, and with the marker as its first file. */
export function initialiseFolder(layout: Layout, binary: ServerBinary): void {
  try {
    mkdirSync(layout.root, { recursive: true, mode: 0o700 });
    // Once more: it did not exist a moment ago, perhaps, and was given to another program since.
    inspectFolder(layout);
    if (!existsSync(layout.marker)) writeMarker(layout, binary);
    chmodSync(layout.root, 0o700);
  } catch (error) {
    if (error instanceof EmbeddedServerError) throw error;
    throw new EmbeddedServerError(
      `${layout.root} cannot be used for the embedded database (${String(error)}). ` +
        `Set DATA_DIR to a folder that this user may write to.`,
      { cause: error },
    );
  }
}

/** Writes the marker in one step: a reader sees all of it or none. */
export function writeMarker(layout: Layout, { engine, version }: ServerBinary): void {
  const marker: Marker = { engine, version, created: new Date().toISOString() };
  const draft = `${layout.marker}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(marker, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(draft, layout.marker);
}

function readMarker(layout: Layout): Marker | undefined {
  try {
    const marker = JSON.parse(readFileSync(layout.marker, 'utf8')) as Partial<Marker>;
    const { engine, version = '?', created = '?' } = marker;
    const isKnown = engine === 'MariaDB' || engine === 'MySQL';
    return isKnown ? { engine, version, created } : undefined;
  } catch {
    return undefined;
  }
}

function listFolder(layout: Layout): string[] {
  try {
    return readdirSync(layout.root);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw new EmbeddedServerError(`${layout.root} is not a folder to read (${String(error)}).`, {
      cause: error,
    });
  }
}
