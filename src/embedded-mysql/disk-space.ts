import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { EmbeddedServerError } from './embedded-server.error.js';
import { errorCode } from './error-code.js';

const MEBIBYTE = 1024 * 1024;
/** MariaDB's first files have 290 MB, its log alone 256 MB. */
const NEW_DATABASE_MB = 400;

const FULL = ['ENOSPC', 'EDQUOT'];
/** How both engines and their scripts say it, with the error numbers of Linux and of MySQL's client. */
const SPEAKS_OF_FULL_DISK =
  /No space left on device|quota exceeded|disk (?:is )?full|\btable '[^']*' is full|(?:errno|errcode|error number|OS error)[: ]+(?:28|122)\b/i;

/** @throws {EmbeddedServerError} if the disk is too small for a new database: the server would wait for space */
export function expectSpaceForDatabase(folder: string): void {
  const free = freeMegabytes(folder);
  if (free >= NEW_DATABASE_MB) return;
  throw new EmbeddedServerError(
    `The disk of ${folder} (DATA_DIR) is too full: ${free} MB are free, and a new database needs ` +
      `${NEW_DATABASE_MB} MB. Free some space, or set DATA_DIR to a folder on another disk.`,
  );
}

/** Names the full disk in an error that it has caused, in place of the server's own words; returns others unchanged. */
export function namingFullDisk(folder: string, error: unknown): unknown {
  const text = error instanceof Error ? error.message : String(error);
  if (!FULL.includes(errorCode(error)) && !SPEAKS_OF_FULL_DISK.test(text)) return error;
  return new EmbeddedServerError(
    `The disk of ${folder} (DATA_DIR) is full: ${freeMegabytes(folder)} MB are free. Free some space, ` +
      'or move the folder to another disk.',
    { cause: error },
  );
}

/** Of the folder, or of the one in which it would be created. */
function freeMegabytes(folder: string): number {
  let existing = folder;
  while (!existsSync(existing) && existing !== dirname(existing)) existing = dirname(existing);
  const { bavail, bsize } = statfsSync(existing);
  return Math.floor((bavail * bsize) / MEBIBYTE);
}
