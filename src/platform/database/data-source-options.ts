import type { PoolOptions } from 'mysql2';
import type { DataSourceOptions } from 'typeorm';
import { migrations } from '../../../migrations/index.js';
import { parseDatabaseHosts } from '../config/index.js';
import { FailoverPool } from './failover-pool.js';
import { hostChoiceOf } from './host-choice.js';
import { SessionPool } from './session-pool.js';
import type { SessionPurpose } from './session.js';

type MysqlOptions = Extract<DataSourceOptions, { type: 'mysql' | 'mariadb' }>;

/**
 * The options of every data source, for the service, the migrations and TypeORM's CLI alike.
 *
 * `type: 'mysql'` for every engine: with 'mariadb' TypeORM generates different DDL.
 */
export function dataSourceOptions(
  databaseUrl: string,
  poolSize: number,
  purpose: SessionPurpose,
  entities: NonNullable<MysqlOptions['entities']> = [],
): MysqlOptions {
  const [{ ssl, ...address }] = parseDatabaseHosts(databaseUrl);
  const hosts = hostChoiceOf(databaseUrl);
  return {
    type: 'mysql',
    driver: {
      createPool: (options: PoolOptions) =>
        hosts === undefined
          ? new SessionPool(options, purpose)
          : new FailoverPool(hosts, options, purpose),
    },
    ...address,
    ...(ssl && { ssl }),
    charset: 'utf8mb4',
    // A batch sends its reads, and its writes, in one packet each (ADR 0008).
    multipleStatements: true,
    timezone: 'Z',
    synchronize: false,
    migrationsRun: false,
    migrationsTableName: 'migrations',
    entities,
    migrations,
    // TypeORM's logger prints parameters, which identify people.
    logging: false,
    poolSize,
    connectTimeout: 3_000,
    extra: {
      // ConnectionGate limits the queue; this is a second safeguard.
      queueLimit: poolSize * 4,
      maxIdle: Math.ceil(poolSize / 2),
      idleTimeout: 60_000,
      enableKeepAlive: true,
      keepAliveInitialDelay: 10_000,
    },
  };
}
