import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * In a migration of their own, so that an engine that shards can leave them out. They point at the
 * section or booking row, which the booking path has locked anyway, and never at the event row: an
 * INSERT would wait for whoever edits the event's title.
 */
const FOREIGN_KEYS: readonly { table: string; name: string; column: string; target: string }[] = [
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
    for (const { table, name, column, target } of FOREIGN_KEYS) {
      await queryRunner.query(
        `ALTER TABLE ${table} ADD CONSTRAINT ${name} FOREIGN KEY (${column}) REFERENCES ${target} (id)`,
      );
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const { table, name } of FOREIGN_KEYS) {
      await queryRunner.query(`ALTER TABLE ${table} DROP FOREIGN KEY ${name}`);
    }
  }
}
