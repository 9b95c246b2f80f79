import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addForeignKey, dropForeignKey, type ForeignKey } from './support/repeatable.js';

/** A separate migration, like the first foreign keys: a sharded engine can omit it. */
const FOREIGN_KEYS: readonly ForeignKey[] = [
  { table: 'holds', name: 'fk_holds_section', column: 'section_id', target: 'sections' },
  { table: 'seats', name: 'fk_seats_section', column: 'section_id', target: 'sections' },
  { table: 'booked_seats', name: 'fk_booked_seats_seat', column: 'id', target: 'seats' },
  { table: 'booked_seats', name: 'fk_booked_seats_ticket', column: 'ticket_id', target: 'tickets' },
];

export class AddForeignKeysOfHoldsAndSeats1795200000004 implements MigrationInterface {
  name = 'AddForeignKeysOfHoldsAndSeats1795200000004';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const key of FOREIGN_KEYS) await addForeignKey(queryRunner, key);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const key of FOREIGN_KEYS) await dropForeignKey(queryRunner, key);
  }
}
