import { DEFAULT_ORGANISER_ID } from '../../platform/common/index.js';
import {
  type Change,
  defineQuery,
  executeAll,
  queryAll,
  type Query,
  type TransactionRunner,
} from '../../platform/database/index.js';

const CUSTOMERS_PER_STEP = 5_000;
/** A large event has many rows. */
const EVENTS_PER_STEP = 1;

/** The tables whose rows belong to a customer, with the columns that name the customer. */
const OF_CUSTOMERS = [
  ['bookings', 'item.user_id = own.id'],
  ['holds', 'item.user_id = own.id'],
  [
    'waitlist_entries',
    'item.user_id = own.id, item.waiting_user_id = IF(item.waiting_user_id IS NULL, NULL, own.id)',
  ],
] as const;

/** What belongs to no organiser yet. */
export interface Unowned {
  readonly events: number;
  readonly customers: number;
  /** Of them, those whose identifier the organiser knows already. */
  readonly shared: number;
}

interface Customer {
  readonly id: string;
  readonly identifier: string;
}

/**
 * Gives the events that were created without an organiser to one, each event in a transaction. No instance may
 * run. Customers come first and events after them, so that an adoption that was interrupted can be repeated.
 */
export class Adoption {
  constructor(private readonly transactions: TransactionRunner) {}

  count(organiserId: string): Promise<Unowned> {
    return this.transactions.run('keys.adopt.count', async (tx) => {
      const [events, customers, shared] = await queryAll(tx, [
        countOf(
          'SELECT COUNT(*) AS count FROM events WHERE organiser_id = ?',
          DEFAULT_ORGANISER_ID,
        ),
        countOf('SELECT COUNT(*) AS count FROM users WHERE organiser_id = ?', DEFAULT_ORGANISER_ID),
        countOf(
          `SELECT COUNT(*) AS count FROM users old JOIN users own
             ON own.identifier = old.identifier AND own.organiser_id = ? WHERE old.organiser_id = ?`,
          organiserId,
          DEFAULT_ORGANISER_ID,
        ),
      ]);
      return { events, customers, shared };
    });
  }

  async adopt(organiserId: string): Promise<void> {
    let last: string | undefined = '';
    while (last !== undefined) last = await this.moveCustomers(organiserId, last);
    while (await this.moveEvents(organiserId));
    while (await this.removeMerged());
  }

  /** @returns the last identifier of this step; undefined if there are no more */
  private moveCustomers(organiserId: string, after: string): Promise<string | undefined> {
    return this.transactions.run('keys.adopt.customers', async (tx) => {
      const [customers] = await queryAll(tx, [
        defineQuery(
          `SELECT old.id, old.identifier FROM users old
             LEFT JOIN users own ON own.organiser_id = ? AND own.identifier = old.identifier
            WHERE old.organiser_id = ? AND old.identifier > ? AND own.id IS NULL
            ORDER BY old.identifier LIMIT ?`,
          [organiserId, DEFAULT_ORGANISER_ID, after, CUSTOMERS_PER_STEP],
          (rows: readonly Customer[]) => rows,
        ),
      ]);
      const ids = customers.map(({ id }) => id);
      if (ids.length > 0) {
        await executeAll(tx, [
          change('UPDATE users SET organiser_id = ? WHERE id IN (?)', organiserId, ids),
        ]);
      }
      return customers.at(-1)?.identifier;
    });
  }

  /** Moves some events; their rows of customers whom the organiser knows already become rows of theirs. */
  private moveEvents(organiserId: string): Promise<boolean> {
    return this.transactions.run('keys.adopt.events', async (tx) => {
      const [ids] = await queryAll(tx, [
        idsOf('SELECT id FROM events WHERE organiser_id = ? ORDER BY id LIMIT ?', [
          DEFAULT_ORGANISER_ID,
          EVENTS_PER_STEP,
        ]),
      ]);
      if (ids.length === 0) return false;
      await executeAll(tx, [
        ...OF_CUSTOMERS.map(([table, assignments]) =>
          change(
            `UPDATE sections section
               JOIN ${table} item ON item.section_id = section.id
               JOIN users old ON old.id = item.user_id AND old.organiser_id = ?
               JOIN users own ON own.organiser_id = ? AND own.identifier = old.identifier
                SET ${assignments} WHERE section.event_id IN (?)`,
            DEFAULT_ORGANISER_ID,
            organiserId,
            ids,
          ),
        ),
        change('UPDATE sections SET organiser_id = ? WHERE event_id IN (?)', organiserId, ids),
        change('UPDATE events SET organiser_id = ? WHERE id IN (?)', organiserId, ids),
      ]);
      return true;
    });
  }

  /** Removes customers without an organiser: by now, nothing refers to them. */
  private removeMerged(): Promise<boolean> {
    return this.transactions.run('keys.adopt.merged', async (tx) => {
      const [ids] = await queryAll(tx, [
        idsOf('SELECT id FROM users WHERE organiser_id = ? LIMIT ?', [
          DEFAULT_ORGANISER_ID,
          CUSTOMERS_PER_STEP,
        ]),
      ]);
      if (ids.length === 0) return false;
      await executeAll(tx, [change('DELETE FROM users WHERE id IN (?)', ids)]);
      return true;
    });
  }
}

const countOf = (sql: string, ...parameters: readonly unknown[]): Query<number> =>
  defineQuery(sql, parameters, (rows: readonly { readonly count: number | string }[]) =>
    Number(rows[0]!.count),
  );

const idsOf = (sql: string, parameters: readonly unknown[]): Query<readonly string[]> =>
  defineQuery(sql, parameters, (rows: readonly { readonly id: string }[]) =>
    rows.map(({ id }) => id),
  );

const change = (sql: string, ...parameters: readonly unknown[]): Change => ({
  sql,
  parameters,
  rows: 1,
  isExact: false,
});
