import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  addColumn,
  addIndex,
  createTable,
  dropColumn,
  dropIndex,
  replaceIndex,
} from './support/repeatable.js';
import { ID } from './support/columns.js';

/** Owns everything created without API keys or before there were organisers. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

const OWNED = ['events', 'sections', 'users'];

/** Events are listed by organiser. */
const EVENT_INDEXES: Readonly<Record<string, readonly [before: string, after: string]>> = {
  ix_events_status: ['status', 'organiser_id, status'],
  ix_events_start: ['starts_at', 'organiser_id, starts_at'],
};

export class AddOrganisersAndKeys1795200000006 implements MigrationInterface {
  name = 'AddOrganisersAndKeys1795200000006';

  async up(queryRunner: QueryRunner): Promise<void> {
    await createTable(
      queryRunner,
      'organisers',
      `id ${ID} NOT NULL PRIMARY KEY,
       name VARCHAR(200) NOT NULL,
       created_at DATETIME(3) NOT NULL,
       UNIQUE INDEX uq_organisers_name (name)`,
    );
    await createTable(
      queryRunner,
      'api_keys',
      `id CHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
       organiser_id ${ID} NOT NULL,
       name VARCHAR(200) NOT NULL,
       scopes VARCHAR(255) NOT NULL,
       secret_hash BINARY(32) NOT NULL,
       created_at DATETIME(3) NOT NULL,
       expires_at DATETIME(3) NULL,
       revoked_at DATETIME(3) NULL,
       last_used_at DATETIME(3) NULL`,
    );
    for (const table of OWNED) {
      await addColumn(queryRunner, table, 'organiser_id', `${ID} NOT NULL DEFAULT '${NOBODY}'`);
    }
    await addIndex(queryRunner, 'events', 'ix_events_organiser', 'organiser_id');
    for (const [name, [, columns]] of Object.entries(EVENT_INDEXES)) {
      await replaceIndex(queryRunner, 'events', name, columns);
    }
    // The same identifier at two organisers is two people.
    await replaceUnique(queryRunner, 'organiser_id, identifier');
  }

  /** @throws {Error} if two organisers know the same identifier: one row cannot represent both people */
  async down(queryRunner: QueryRunner): Promise<void> {
    await expectNoTwins(queryRunner);
    await replaceUnique(queryRunner, 'identifier');
    for (const [name, [columns]] of Object.entries(EVENT_INDEXES)) {
      await replaceIndex(queryRunner, 'events', name, columns);
    }
    await dropIndex(queryRunner, 'events', 'ix_events_organiser');
    for (const table of OWNED) await dropColumn(queryRunner, table, 'organiser_id');
    await queryRunner.query('DROP TABLE IF EXISTS api_keys');
    await queryRunner.query('DROP TABLE IF EXISTS organisers');
  }
}

async function expectNoTwins(queryRunner: QueryRunner): Promise<void> {
  const [twins] = (await queryRunner.query(
    'SELECT COUNT(*) AS count FROM (SELECT 1 FROM users GROUP BY identifier HAVING COUNT(*) > 1) twins',
  )) as { readonly count: string }[];
  if (Number(twins!.count) === 0) return;
  throw new Error(
    `Cannot revert: ${twins!.count} identifiers are known to more than one organiser, and the previous ` +
      'schema allows each only once. Nothing was changed.',
  );
}

const replaceUnique = (queryRunner: QueryRunner, columns: string): Promise<unknown> =>
  queryRunner.query(
    `ALTER TABLE users DROP INDEX uq_users_identifier,
       ADD UNIQUE INDEX uq_users_identifier (${columns})`,
  );
