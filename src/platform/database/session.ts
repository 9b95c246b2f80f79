import type { PoolConnection } from 'mysql2';
import type { QueryRunner } from 'typeorm';

/**
 * Every transaction relies on these, whatever the server's defaults are. They are set once per connection
 * instead of once per transaction, which saves a round trip under load.
 */
const SESSION_SETTINGS = [
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
  // A host that loses power closes no connection, so the server itself must release its locks. The timeout is
  // longer than the pool keeps an idle connection (60 s).
  `SET SESSION innodb_lock_wait_timeout = 3, wait_timeout = 90, time_zone = '+00:00',
    sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'`,
];

const prepared = new WeakSet<PoolConnection>();

/** Applies our session settings to a pooled connection, once. */
export async function prepareSession(
  queryRunner: QueryRunner,
  connection: PoolConnection,
): Promise<void> {
  if (prepared.has(connection)) return;
  for (const statement of SESSION_SETTINGS) await queryRunner.query(statement);
  prepared.add(connection);
}
