import { migrations } from '../../../migrations/index.js';

/**
 * - `up`: the schema is the one that this version needs.
 * - `older`: migrations have not run.
 * - `newer`: a later version has migrated the database.
 */
export type SchemaState = 'up' | 'older' | 'newer';

const OURS: readonly string[] = migrations.map(({ name }) => name);

/** @param done names of the migrations that have run */
export function schemaState(done: readonly string[]): SchemaState {
  if (OURS.some((name) => !done.includes(name))) return 'older';
  return done.some((name) => !OURS.includes(name)) ? 'newer' : 'up';
}
