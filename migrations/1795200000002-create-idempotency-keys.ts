import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable } from './support/repeatable.js';

/** A SHA-256 digest in base64url. */
const DIGEST = 'CHAR(43) CHARACTER SET ascii COLLATE ascii_bin';

export class CreateIdempotencyKeys1795200000002 implements MigrationInterface {
  name = 'CreateIdempotencyKeys1795200000002';

  async up(queryRunner: QueryRunner): Promise<void> {
    const definition = `
      id ${DIGEST} NOT NULL PRIMARY KEY,
      fingerprint ${DIGEST} NOT NULL,
      result MEDIUMTEXT NOT NULL,
      created_at DATETIME(3) NOT NULL,
      INDEX ix_idempotency_keys_created (created_at)`;
    await createTable(queryRunner, 'idempotency_keys', definition);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE IF EXISTS idempotency_keys');
  }
}
