import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A code as documented in docs/errors.md. */
export interface DocumentedError {
  readonly code: string;
  readonly status: number;
  /** Names of fields beyond those of every problem document. */
  readonly fields: readonly string[];
  /** Its meaning, as text. */
  readonly means: string;
  /** Whether a retry with its idempotency key gets it again; undefined where not stated. */
  readonly isKept: boolean | undefined;
}

const FILE = join(__dirname, '../../docs/errors.md');
const ROW = /^\| `([a-z_]+)` \| (\d{3}) \|([^|]*)\|(?: (yes|no) \|)? ([^|]*) \|/gm;

/** The rows of the tables of docs/errors.md. */
export const documentedErrors = (): DocumentedError[] =>
  [...readFileSync(FILE, 'utf8').matchAll(ROW)].map(([, code, status, fields, kept, means]) => ({
    code: code!,
    status: Number(status),
    fields: [...fields!.matchAll(/`([a-zA-Z]+)`/g)].map(([, name]) => name!),
    means: means!,
    isKept: kept === undefined ? undefined : kept === 'yes',
  }));
