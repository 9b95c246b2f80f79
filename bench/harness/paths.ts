import { join } from 'node:path';

/** Compiled, this file is bench/dist/bench/harness/paths.js. */
export const ROOT = join(__dirname, '../../../..');
export const COMPILED = join(__dirname, '..');
