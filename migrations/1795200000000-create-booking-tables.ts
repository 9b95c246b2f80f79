import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable } from './support/repeatable.js';

const ID = 'CHAR(36) CHARACTER SET ascii COLLATE ascii_bin';
const ASCII_64 = 'VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin';

/**
 * Every table of the booking path has event_id, so that a sharded engine can keep all rows of one event
 * together. CHECKs are written by hand, because TypeORM does not support them on MySQL.
 */
const TABLES: Readonly<Record<string, string>> = {
  events: `
    id ${ID} NOT NULL PRIMARY KEY,
    name VARCHAR(200) NOT NULL,
    status ENUM('DRAFT','PUBLISHED','CANCELLED') NOT NULL,
    version INT UNSIGNED NOT NULL,
    created_at DATETIME(3) NOT NULL,
    updated_at DATETIME(3) NOT NULL`,

  // The row is the lock. available is stored so that the CHECK can verify the sum at every commit: the
  // database itself refuses a manual UPDATE that would oversell.
  sections: `
    id ${ID} NOT NULL PRIMARY KEY,
    event_id ${ID} NOT NULL,
    name VARCHAR(200) NOT NULL,
    sales ENUM('OPEN','CLOSED') NOT NULL,
    capacity INT UNSIGNED NOT NULL,
    booked INT UNSIGNED NOT NULL,
    held INT UNSIGNED NOT NULL,
    available INT UNSIGNED NOT NULL,
    bookings INT UNSIGNED NOT NULL,
    waiting INT UNSIGNED NOT NULL,
    last_seq BIGINT UNSIGNED NOT NULL,
    version BIGINT UNSIGNED NOT NULL,
    created_at DATETIME(3) NOT NULL,
    INDEX ix_sections_event (event_id),
    CONSTRAINT ck_sections_capacity CHECK (capacity >= 1),
    CONSTRAINT ck_sections_conservation CHECK (booked + held + available = capacity),
    CONSTRAINT ck_sections_bookings CHECK (bookings <= booked),
    CONSTRAINT ck_sections_waiting CHECK (waiting <= last_seq)`,

  users: `
    id ${ID} NOT NULL PRIMARY KEY,
    identifier VARCHAR(255) NOT NULL,
    created_at DATETIME(3) NOT NULL,
    UNIQUE INDEX uq_users_identifier (identifier)`,

  // quantity is what the booking holds now, so booked = SUM(quantity) whatever the status.
  bookings: `
    id ${ID} NOT NULL PRIMARY KEY,
    event_id ${ID} NOT NULL,
    section_id ${ID} NOT NULL,
    user_id ${ID} NOT NULL,
    quantity INT UNSIGNED NOT NULL,
    status ENUM('CONFIRMED','CANCELLED') NOT NULL,
    waitlist_entry_id ${ID} NULL,
    created_at DATETIME(3) NOT NULL,
    cancelled_at DATETIME(3) NULL,
    INDEX ix_bookings_person (section_id, user_id, status),
    UNIQUE INDEX uq_bookings_waitlist_entry (waitlist_entry_id),
    CONSTRAINT ck_bookings_quantity CHECK ((status = 'CONFIRMED') = (quantity > 0)),
    CONSTRAINT ck_bookings_cancelled CHECK ((status = 'CANCELLED') = (cancelled_at IS NOT NULL))`,

  tickets: `
    id ${ID} NOT NULL PRIMARY KEY,
    event_id ${ID} NOT NULL,
    booking_id ${ID} NOT NULL,
    status ENUM('BOOKED','CANCELLED') NOT NULL,
    cancelled_at DATETIME(3) NULL,
    INDEX ix_tickets_booking (booking_id, status),
    CONSTRAINT ck_tickets_cancelled CHECK ((status = 'CANCELLED') = (cancelled_at IS NOT NULL))`,

  // waiting_user_id repeats user_id while the entry waits. Its unique index allows one waiting entry per
  // person and section, and any number of ended ones (NULLs are never equal).
  waitlist_entries: `
    id ${ID} NOT NULL PRIMARY KEY,
    event_id ${ID} NOT NULL,
    section_id ${ID} NOT NULL,
    user_id ${ID} NOT NULL,
    waiting_user_id ${ID} NULL,
    quantity INT UNSIGNED NOT NULL,
    seq BIGINT UNSIGNED NOT NULL,
    status ENUM('WAITING','PROMOTED','LEFT','VOIDED') NOT NULL,
    created_at DATETIME(3) NOT NULL,
    ended_at DATETIME(3) NULL,
    UNIQUE INDEX uq_waitlist_line (section_id, status, seq),
    UNIQUE INDEX uq_waitlist_waiting_person (section_id, waiting_user_id),
    CONSTRAINT ck_waitlist_quantity CHECK (quantity >= 1),
    CONSTRAINT ck_waitlist_waiting CHECK ((status = 'WAITING') = (waiting_user_id IS NOT NULL)),
    CONSTRAINT ck_waitlist_person CHECK (waiting_user_id IS NULL OR waiting_user_id = user_id),
    CONSTRAINT ck_waitlist_ended CHECK ((status = 'WAITING') = (ended_at IS NULL))`,

  outbox_messages: `
    id ${ID} NOT NULL PRIMARY KEY,
    event_id ${ID} NOT NULL,
    section_id ${ID} NULL,
    sequence BIGINT UNSIGNED NOT NULL,
    type ${ASCII_64} NOT NULL,
    payload MEDIUMTEXT NOT NULL,
    created_at DATETIME(3) NOT NULL`,
};

export class CreateBookingTables1795200000000 implements MigrationInterface {
  name = 'CreateBookingTables1795200000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const [table, definition] of Object.entries(TABLES)) {
      await createTable(queryRunner, table, definition);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of Object.keys(TABLES).reverse()) {
      await queryRunner.query(`DROP TABLE IF EXISTS ${table}`);
    }
  }
}
