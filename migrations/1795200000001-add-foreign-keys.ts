import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addForeignKey, dropForeignKey, type ForeignKey } from './support/repeatable.js';

/**
 * A separate migration, so that a sharded engine can omit the foreign keys. They point at the section or
 * booking row, which the booking path has locked anyway, and never at the event row: an INSERT would then
 * wait for a transaction that edits the event's title.
 */
const FOREIGN_KEYS: readonly ForeignKey[] = [
  { table: 'bookings', name: 'fk_bookings_section', column: 'section_id', target: 'sections' },
  { table: 'tickets', name: 'fk_tickets_booking', column: 'booking_id', target: 'bookings' },
  {
    table: 'waitlist_entries',
    name: 'fk_waitlist_entries_section',
    column: 'section_id',
    target: 'sections',
  },
];

export class AddForeignKeys1795200000001 implements MigrationInterface {
  name = 'AddForeignKeys1795200000001';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const key of FOREIGN_KEYS) await addForeignKey(queryRunner, key);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const key of FOREIGN_KEYS) await dropForeignKey(queryRunner, key);
  }
}
