import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A SHA-256 digest in base64url. */
const DIGEST = 'CHAR(43) CHARACTER SET ascii COLLATE ascii_bin';

export class CreateIdempotencyKeys1795200000002 implements MigrationInterface {
  name = 'CreateIdempotencyKeys1795200000002';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE TABLE idempotency_keys (
      id ${DIGEST} NOT NULL PRIMARY KEY,
      fingerprint ${DIGEST} NOT NULL,
      result MEDIUMTEXT NOT NULL,
      created_at DATETIME(3) NOT NULL,
      INDEX ix_idempotency_keys_created (created_at)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE idempotency_keys');
  }
}
