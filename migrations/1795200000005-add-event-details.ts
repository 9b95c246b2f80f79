import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumn, addIndex, dropColumn, dropIndex, replaceIndex } from './support/repeatable.js';

const ID = 'CHAR(36) CHARACTER SET ascii COLLATE ascii_bin';

/** Descriptive fields of an event, and whether some of its rows still have to be ended. */
const EVENT_COLUMNS: Readonly<Record<string, string>> = {
  description: 'TEXT NULL',
  venue: 'VARCHAR(200) NULL',
  starts_at: 'DATETIME(3) NULL',
  ends_at: 'DATETIME(3) NULL',
  is_ending: 'TINYINT UNSIGNED NOT NULL DEFAULT 0',
};

/**
 * Prices are in the smallest unit of their currency. first_section_id is NULL in the first section of an
 * event. If a limit counts a person's places across the event, batches of other sections also lock the
 * first section and increment its limit_turns (on a cluster, a lock without a write protects nothing).
 * capacity_wanted is the capacity to which a section is being raised, step by step.
 */
const SECTION_COLUMNS: Readonly<Record<string, string>> = {
  price_amount: 'BIGINT UNSIGNED NULL',
  price_currency: 'CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NULL',
  first_section_id: `${ID} NULL`,
  limit_turns: 'BIGINT UNSIGNED NOT NULL DEFAULT 0',
  capacity_wanted: 'INT UNSIGNED NULL',
};

const EVENT_INDEXES: Readonly<Record<string, string>> = {
  ix_events_status: 'status',
  ix_events_start: 'starts_at',
  ix_events_ending: 'is_ending',
};

const PERSON = 'ix_bookings_person';

export class AddEventDetails1795200000005 implements MigrationInterface {
  name = 'AddEventDetails1795200000005';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const [column, definition] of Object.entries(EVENT_COLUMNS)) {
      await addColumn(queryRunner, 'events', column, definition);
    }
    for (const [name, columns] of Object.entries(EVENT_INDEXES)) {
      await addIndex(queryRunner, 'events', name, columns);
    }
    for (const [column, definition] of Object.entries(SECTION_COLUMNS)) {
      await addColumn(queryRunner, 'sections', column, definition);
    }
    await addIndex(queryRunner, 'sections', 'ix_sections_wanted', 'capacity_wanted');
    // Bookings are listed by event and by person, newest first, so every index ends with the id.
    await addIndex(queryRunner, 'bookings', 'ix_bookings_section', 'section_id, status');
    await replaceIndex(queryRunner, 'bookings', PERSON, 'user_id, section_id, status');
    // All seats of a section in the order of the venue; selling one changes neither column.
    await addIndex(queryRunner, 'seats', 'ix_seats_house', 'section_id, position');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await dropIndex(queryRunner, 'seats', 'ix_seats_house');
    await replaceIndex(queryRunner, 'bookings', PERSON, 'section_id, user_id, status');
    await dropIndex(queryRunner, 'bookings', 'ix_bookings_section');
    await dropIndex(queryRunner, 'sections', 'ix_sections_wanted');
    for (const column of Object.keys(SECTION_COLUMNS)) {
      await dropColumn(queryRunner, 'sections', column);
    }
    for (const name of Object.keys(EVENT_INDEXES)) await dropIndex(queryRunner, 'events', name);
    for (const column of Object.keys(EVENT_COLUMNS))
      await dropColumn(queryRunner, 'events', column);
  }
}
