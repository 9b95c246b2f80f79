import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable } from './support/repeatable.js';

/** A few rows that instances write to find out whether the database can commit. Nobody reads them. */
export class AddCommitProbes1795200000020 implements MigrationInterface {
  name = 'AddCommitProbes1795200000020';

  async up(queryRunner: QueryRunner): Promise<void> {
    await createTable(
      queryRunner,
      'commit_probes',
      `slot SMALLINT UNSIGNED NOT NULL PRIMARY KEY,
       probes BIGINT UNSIGNED NOT NULL`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE IF EXISTS commit_probes');
  }
}
