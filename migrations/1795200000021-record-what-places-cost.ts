import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumn, dropColumn } from './support/repeatable.js';

const TABLES = ['bookings', 'holds'];

/** The price of one place when the row was made, as in `sections`. */
const COLUMNS: Readonly<Record<string, string>> = {
  price_amount: 'BIGINT UNSIGNED NULL',
  price_currency: 'CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NULL',
};

/**
 * NULL if the section had no price. Also NULL in the rows of earlier versions, which did not record it: the price of
 * their section may have been another one then.
 */
export class RecordWhatPlacesCost1795200000021 implements MigrationInterface {
  name = 'RecordWhatPlacesCost1795200000021';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES) {
      for (const [column, definition] of Object.entries(COLUMNS)) {
        await addColumn(queryRunner, table, column, definition);
      }
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES) {
      for (const column of Object.keys(COLUMNS)) await dropColumn(queryRunner, table, column);
    }
  }
}
