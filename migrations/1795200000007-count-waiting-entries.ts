import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ID } from './support/columns.js';
import { addColumn, createTable, dropColumn } from './support/repeatable.js';

/**
 * The position of a waitlist entry is the sum of a few counts: each is the number of WAITING entries among 1,024
 * consecutive seqs. A section's counts are complete while counted_version equals its version. Sections start
 * without counts, and an instance of the previous version leaves them behind; the next batch counts again.
 */
export class CountWaitingEntries1795200000007 implements MigrationInterface {
  name = 'CountWaitingEntries1795200000007';

  async up(queryRunner: QueryRunner): Promise<void> {
    await createTable(
      queryRunner,
      'waitlist_counts',
      `section_id ${ID} NOT NULL,
       block INT UNSIGNED NOT NULL,
       event_id ${ID} NOT NULL,
       waiting INT NOT NULL,
       PRIMARY KEY (section_id, block)`,
    );
    await addColumn(queryRunner, 'sections', 'counted_version', 'BIGINT UNSIGNED NULL');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await dropColumn(queryRunner, 'sections', 'counted_version');
    await queryRunner.query('DROP TABLE IF EXISTS waitlist_counts');
  }
}
