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

/** The content of `rowlock.json`: it marks the folder as ours and names the engine of its data. */
export interface Marker {
  readonly engine: Engine;
  readonly version: string;
  readonly created: string;
}

// Drafts start with the same name, because another process may be claiming the folder right now.
const MARKER = 'rowlock.json';

/** Rejects a folder that is not ours, without changing it; returns the marker if the folder has data. */
export function inspectFolder(layout: Layout): Marker | undefined {
  const names = listFolder(layout);
  if (names.length > 0 && !names.some((name) => name.startsWith(MARKER))) {
    throw new EmbeddedServerError(
      `${layout.root} holds files that do not belong to Rowlock (${names[0]}); nothing was changed. ` +
        `Set DATA_DIR to another folder.`,
    );
  }
  if (!existsSync(layout.data)) return undefined;
  const marker = readMarker(layout);
  if (marker) return marker;
  throw new EmbeddedServerError(
    `${layout.marker} is damaged, so the engine that wrote ${layout.data} is unknown. ` +
      `Restore the file, for example: {"engine":"MariaDB","version":"10.11.0","created":""}`,
  );
}

/** Neither engine can read the other's data, and trying would damage it. */
export function assertSameEngine(layout: Layout, marker: Marker, binary: ServerBinary): void {
  if (marker.engine === binary.engine) return;
  const variable = marker.engine === 'MariaDB' ? 'mariadbd' : "MySQL's mysqld";
  throw new EmbeddedServerError(
    `The data in ${layout.root} was created by ${marker.engine} ${marker.version}, but the server ` +
      `found is ${binary.engine} ${binary.version} (${binary.path}). Set EMBEDDED_MYSQLD to the ` +
      `path of ${variable}, or set DATA_DIR to another folder to start a new database.`,
  );
}

/** Claims the folder: makes it private, and writes the marker as its first file. */
export function initialiseFolder(layout: Layout, binary: ServerBinary): void {
  try {
    mkdirSync(layout.root, { recursive: true, mode: 0o700 });
    // Check again: another program may have taken the folder since the first inspection.
    inspectFolder(layout);
    if (!existsSync(layout.marker)) writeMarker(layout, binary);
    chmodSync(layout.root, 0o700);
  } catch (error) {
    if (error instanceof EmbeddedServerError) throw error;
    throw new EmbeddedServerError(
      `${layout.root} cannot be used for the embedded database (${String(error)}). ` +
        `Set DATA_DIR to a folder that this user can write to.`,
      { cause: error },
    );
  }
}

/** Writes the marker atomically: a reader sees all of it or none. */
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
    throw new EmbeddedServerError(`${layout.root} is not a readable folder (${String(error)}).`, {
      cause: error,
    });
  }
}
