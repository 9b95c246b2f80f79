import type { MigrationInterface, QueryRunner } from 'typeorm';
import { comparableText } from '../src/platform/common/index.js';
import { ID } from './support/columns.js';
import { createTable } from './support/repeatable.js';
import { idRanges } from './support/id-ranges.js';

const ROWS_PER_STEP = 5_000;
const IDENTIFIER_LENGTH_MAX = 255;

interface User {
  readonly id: string;
  readonly organiserId: string;
  readonly identifier: string;
}

/** A user whose identifier has a new form. */
type ChangedUser = User & { readonly form: string };

/**
 * Identifiers that differ only in what `comparableText` ignores are one customer from now on. The user whose
 * identifier has this form already, or else the oldest, gets the bookings, holds and waitlist entries of the
 * others, whose rows go. A customer can wait only once in a section: further open entries keep their place and
 * their user, and can be reached by their ids. So does a user whose identifier has no valid form.
 *
 * Written in steps; an interrupted run is continued by the next one.
 */
export class CompareIdentifiersWithoutCaseAndWidth1795200000010 implements MigrationInterface {
  name = 'CompareIdentifiersWithoutCaseAndWidth1795200000010';

  async up(queryRunner: QueryRunner): Promise<void> {
    await createTable(
      queryRunner,
      'user_merges',
      `id ${ID} NOT NULL PRIMARY KEY,
       target_id ${ID} NOT NULL`,
    );
    for await (const range of idRanges(queryRunner, 'users', ROWS_PER_STEP)) {
      await renameOrMark(queryRunner, range);
    }
    if (await isAnyMarked(queryRunner)) await mergeMarked(queryRunner);
    await queryRunner.query('DROP TABLE user_merges');
  }

  /** Nothing: the new forms are valid identifiers for the previous version. Merged customers stay merged. */
  async down(): Promise<void> {}
}

async function renameOrMark(queryRunner: QueryRunner, range: readonly string[]): Promise<void> {
  const users = (await queryRunner.query(
    `SELECT id, organiser_id AS organiserId, identifier FROM users
      WHERE id > ? AND id <= ? ORDER BY id`,
    [...range],
  )) as readonly User[];
  const changed = users
    .map((user) => ({ ...user, form: comparableText(user.identifier) }))
    .filter(({ identifier, form }) => form !== identifier && isStorable(form));
  // One after the other: the first of several with the same form gives it to the others.
  for (const user of changed) await renameOrMarkOne(queryRunner, user);
}

const isStorable = (form: string): boolean =>
  form !== '' && Array.from(form).length <= IDENTIFIER_LENGTH_MAX;

async function renameOrMarkOne(
  queryRunner: QueryRunner,
  { id, organiserId, form }: ChangedUser,
): Promise<void> {
  const [target] = (await queryRunner.query(
    'SELECT id FROM users WHERE organiser_id = ? AND identifier = ?',
    [organiserId, form],
  )) as readonly { readonly id: string }[];
  if (target === undefined) {
    await queryRunner.query('UPDATE users SET identifier = ? WHERE id = ?', [form, id]);
  } else {
    const sql = 'INSERT IGNORE INTO user_merges (id, target_id) VALUES (?, ?)';
    await queryRunner.query(sql, [id, target.id]);
  }
}

async function isAnyMarked(queryRunner: QueryRunner): Promise<boolean> {
  const rows = (await queryRunner.query('SELECT 1 FROM user_merges LIMIT 1')) as unknown[];
  return rows.length > 0;
}

/** Entries first: a hold that is an offer stays with its entry. */
const MOVES: Readonly<Record<string, string>> = {
  // IGNORE leaves an entry where its new user has an open one in the section.
  waitlist_entries: `UPDATE IGNORE waitlist_entries one JOIN user_merges merge ON merge.id = one.user_id
     SET one.user_id = merge.target_id,
         one.waiting_user_id = IF(one.waiting_user_id IS NULL, NULL, merge.target_id)
   WHERE one.id > ? AND one.id <= ?`,
  holds: `UPDATE holds one JOIN user_merges merge ON merge.id = one.user_id
     LEFT JOIN waitlist_entries entry ON entry.id = one.waitlist_entry_id
     SET one.user_id = merge.target_id
   WHERE one.id > ? AND one.id <= ? AND (entry.id IS NULL OR entry.user_id <> merge.id)`,
  bookings: `UPDATE bookings one JOIN user_merges merge ON merge.id = one.user_id
     SET one.user_id = merge.target_id
   WHERE one.id > ? AND one.id <= ?`,
};

async function mergeMarked(queryRunner: QueryRunner): Promise<void> {
  for (const [table, move] of Object.entries(MOVES)) {
    for await (const range of idRanges(queryRunner, table, ROWS_PER_STEP)) {
      await queryRunner.query(move, [...range]);
    }
  }
  await queryRunner.query(
    `DELETE merge FROM user_merges merge JOIN waitlist_entries entry ON entry.user_id = merge.id`,
  );
  await queryRunner.query(
    'DELETE user FROM users user JOIN user_merges merge ON merge.id = user.id',
  );
}
