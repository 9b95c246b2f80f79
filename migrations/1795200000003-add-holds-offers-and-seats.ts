import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  addColumn,
  addIndex,
  createTable,
  dropColumn,
  dropIndex,
  replaceCheck,
} from './support/repeatable.js';

const ID = 'CHAR(36) CHARACTER SET ascii COLLATE ascii_bin';

const TABLES: Readonly<Record<string, string>> = {
  holds: `
    id ${ID} NOT NULL PRIMARY KEY,
    event_id ${ID} NOT NULL,
    section_id ${ID} NOT NULL,
    user_id ${ID} NOT NULL,
    quantity INT UNSIGNED NOT NULL,
    status ENUM('HELD','CONFIRMED','RELEASED','EXPIRED') NOT NULL,
    waitlist_entry_id ${ID} NULL,
    expires_at DATETIME(3) NOT NULL,
    created_at DATETIME(3) NOT NULL,
    ended_at DATETIME(3) NULL,
    INDEX ix_holds_expiry (section_id, status, expires_at),
    INDEX ix_holds_person (section_id, user_id, status),
    CONSTRAINT ck_holds_quantity CHECK (quantity >= 1),
    CONSTRAINT ck_holds_ended CHECK ((status = 'HELD') = (ended_at IS NULL))`,

  // position is the seat's place in the order of the venue, with a gap between two rows.
  seats: `
    id ${ID} NOT NULL PRIMARY KEY,
    event_id ${ID} NOT NULL,
    section_id ${ID} NOT NULL,
    row_name VARCHAR(20) NOT NULL,
    seat_number INT UNSIGNED NOT NULL,
    position INT UNSIGNED NOT NULL,
    status ENUM('AVAILABLE','HELD','BOOKED') NOT NULL,
    hold_id ${ID} NULL,
    UNIQUE INDEX uq_seats_place (section_id, row_name, seat_number),
    INDEX ix_seats_free (section_id, status, position),
    INDEX ix_seats_hold (hold_id),
    CONSTRAINT ck_seats_held CHECK ((status = 'HELD') = (hold_id IS NOT NULL))`,

  // The primary key prevents selling a seat twice. A separate table, because most tickets have no seat and
  // would carry the index for nothing.
  booked_seats: `
    id ${ID} NOT NULL PRIMARY KEY,
    event_id ${ID} NOT NULL,
    ticket_id ${ID} NOT NULL,
    UNIQUE INDEX uq_booked_seats_ticket (ticket_id)`,
};

/** Settings, and when the next hold can expire; part of the locked row. */
const SECTION_COLUMNS: Readonly<Record<string, string>> = {
  is_seated: 'TINYINT UNSIGNED NOT NULL DEFAULT 0',
  max_per_booking: 'INT UNSIGNED NULL',
  max_per_person: 'INT UNSIGNED NULL',
  waitlist_enabled: 'TINYINT UNSIGNED NOT NULL DEFAULT 1',
  waitlist_max: 'INT UNSIGNED NULL',
  fit: "ENUM('strict','skip') NOT NULL DEFAULT 'strict'",
  mode: "ENUM('auto','offer') NOT NULL DEFAULT 'auto'",
  offer_ttl_seconds: 'INT UNSIGNED NOT NULL DEFAULT 43200',
  holds_expire_at: 'DATETIME(3) NULL',
};

const ENDED = "'PROMOTED','LEFT','VOIDED'";
const STATUS_BEFORE = `ENUM('WAITING',${ENDED}) NOT NULL`;
const STATUS = `ENUM('WAITING',${ENDED},'OFFERED','DECLINED','EXPIRED') NOT NULL`;

const IS_OPEN = "(status IN ('WAITING','OFFERED'))";
const WAITS = "(status = 'WAITING')";

/** waiting_user_id stays while an entry is OFFERED: one open entry per person and section. */
const checks = (open: string) => [
  {
    old: 'ck_waitlist_waiting',
    name: 'ck_waitlist_waiting',
    condition: `${open} = (waiting_user_id IS NOT NULL)`,
  },
  {
    old: 'ck_waitlist_ended',
    name: 'ck_waitlist_ended',
    condition: `${open} = (ended_at IS NULL)`,
  },
];

export class AddHoldsOffersAndSeats1795200000003 implements MigrationInterface {
  name = 'AddHoldsOffersAndSeats1795200000003';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const [table, definition] of Object.entries(TABLES)) {
      await createTable(queryRunner, table, definition);
    }
    for (const [column, definition] of Object.entries(SECTION_COLUMNS)) {
      await addColumn(queryRunner, 'sections', column, definition);
    }
    await addIndex(queryRunner, 'sections', 'ix_sections_expiry', 'holds_expire_at');
    await addColumn(queryRunner, 'bookings', 'hold_id', `${ID} NULL`);
    await addColumn(queryRunner, 'tickets', 'seat_id', `${ID} NULL`);
    await queryRunner.query(`ALTER TABLE waitlist_entries MODIFY status ${STATUS}`);
    await addColumn(queryRunner, 'waitlist_entries', 'hold_id', `${ID} NULL`);
    // With `skip`, the first entry of each size is looked up.
    const size = 'section_id, status, quantity, seq';
    await addIndex(queryRunner, 'waitlist_entries', 'ix_waitlist_size', size);
    for (const check of checks(IS_OPEN)) await replaceCheck(queryRunner, 'waitlist_entries', check);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const check of checks(WAITS)) await replaceCheck(queryRunner, 'waitlist_entries', check);
    await dropIndex(queryRunner, 'waitlist_entries', 'ix_waitlist_size');
    await dropColumn(queryRunner, 'waitlist_entries', 'hold_id');
    await queryRunner.query(`ALTER TABLE waitlist_entries MODIFY status ${STATUS_BEFORE}`);
    await dropColumn(queryRunner, 'tickets', 'seat_id');
    await dropColumn(queryRunner, 'bookings', 'hold_id');
    await dropIndex(queryRunner, 'sections', 'ix_sections_expiry');
    for (const column of Object.keys(SECTION_COLUMNS)) {
      await dropColumn(queryRunner, 'sections', column);
    }
    for (const table of Object.keys(TABLES).reverse()) {
      await queryRunner.query(`DROP TABLE IF EXISTS ${table}`);
    }
  }
}
