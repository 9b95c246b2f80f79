import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addIndex, dropIndex } from './support/repeatable.js';

/** Serves the history of an event, newest first. */
export class IndexChangesByEvent1795200000012 implements MigrationInterface {
  name = 'IndexChangesByEvent1795200000012';

  async up(queryRunner: QueryRunner): Promise<void> {
    const columns = 'event_id, created_at, sequence';
    await addIndex(queryRunner, 'outbox_messages', 'ix_outbox_event', columns);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await dropIndex(queryRunner, 'outbox_messages', 'ix_outbox_event');
  }
}
