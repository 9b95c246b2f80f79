import { type DynamicModule, Global, Module } from '@nestjs/common';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { Config } from '../config/index.js';
import { ConnectionGate } from './connection-gate.js';
import { dataSourceOptions } from './data-source-options.js';
import { DEFAULT_RUNNER_LIMITS, TransactionRunner } from './transaction-runner.js';

/** Beyond these limits, an immediate 503 serves clients better than a longer wait for a connection. */
const WAITERS_MAX = 4_000;
const WAIT_MS_MAX = 10_000;

/** A pool of connections for transactions. Everything that uses it goes through the gate. */
@Global()
@Module({})
export class DatabaseModule {
  static forRoot(
    { NODE_ENV }: Pick<Config, 'NODE_ENV'>,
    databaseUrl: string,
    connections: number,
  ): DynamicModule {
    const gate = new ConnectionGate({
      connections,
      waitersMax: WAITERS_MAX,
      waitMsMax: WAIT_MS_MAX,
    });
    const limits = { ...DEFAULT_RUNNER_LIMITS, refusesNesting: NODE_ENV !== 'production' };
    return {
      module: DatabaseModule,
      imports: [
        TypeOrmModule.forRoot({
          ...dataSourceOptions(databaseUrl, connections, { kind: 'transactions' }),
          autoLoadEntities: true,
          retryAttempts: 3,
          retryDelay: 500,
        }),
      ],
      providers: [
        { provide: ConnectionGate, useValue: gate },
        {
          provide: TransactionRunner,
          inject: [getDataSourceToken()],
          useFactory: (dataSource: DataSource) => new TransactionRunner(dataSource, gate, limits),
        },
      ],
      exports: [ConnectionGate, TransactionRunner],
    };
  }
}
