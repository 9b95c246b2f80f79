import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumn, dropColumn } from './support/repeatable.js';

/**
 * The status of an event is public from the moment it is published; published_at is NULL until then. Events that
 * are CANCELLED by now were published if a message says so.
 */
export class RememberWhenEventsWerePublished1795200000011 implements MigrationInterface {
  name = 'RememberWhenEventsWerePublished1795200000011';

  async up(queryRunner: QueryRunner): Promise<void> {
    await addColumn(queryRunner, 'events', 'published_at', 'DATETIME(3) NULL');
    await queryRunner.query(
      `UPDATE events event JOIN outbox_messages message ON message.event_id = event.id
          SET event.published_at = message.created_at
        WHERE message.section_id IS NULL
          AND (message.type = 'event.published'
               OR (message.type = 'batch' AND message.payload LIKE '%"event.published"%'))`,
    );
    // In case their messages have been deleted.
    await queryRunner.query(
      `UPDATE events SET published_at = created_at
        WHERE published_at IS NULL AND status = 'PUBLISHED'`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await dropColumn(queryRunner, 'events', 'published_at');
  }
}
