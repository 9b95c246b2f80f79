import type { OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ConnectionGate } from './connection-gate.js';
import { dataSourceOptions } from './data-source-options.js';

/** Connections of the pool that bulk reads leave to others, if there are as many. */
const RESERVED = 2;

/** Beyond these limits, an immediate 503 serves clients better than a longer wait for a connection. */
const WAITERS_MAX = 4_000;
const WAIT_MS_MAX = 10_000;

/** The number of bulk reads that a pool of this size runs at once. */
export const bulkReadsOf = (poolSize: number): number => Math.max(1, poolSize - RESERVED);

export interface ReadPoolOptions {
  readonly size: number;
  /** The server ends a read after this time. */
  readonly readMsMax: number;
}

/**
 * The connections for queries outside transactions. They are not those of transactions, so no number of reads
 * can take a connection from a booking.
 */
export class ReadPool implements OnApplicationShutdown {
  readonly gate: ConnectionGate;
  /** In front of `gate`, for bulk reads. */
  readonly bulkGate: ConnectionGate;
  readonly readMsMax: number;

  private constructor(
    readonly dataSource: DataSource,
    { size, readMsMax }: ReadPoolOptions,
  ) {
    const limits = { waitersMax: WAITERS_MAX, waitMsMax: WAIT_MS_MAX };
    this.gate = new ConnectionGate({ ...limits, connections: size });
    this.bulkGate = new ConnectionGate({ ...limits, connections: bulkReadsOf(size) });
    this.readMsMax = readMsMax;
  }

  static async open(databaseUrl: string, options: ReadPoolOptions): Promise<ReadPool> {
    const dataSource = new DataSource(dataSourceOptions(databaseUrl, options.size));
    return new ReadPool(await dataSource.initialize(), options);
  }

  /**
   * The time limit of every read. Each engine executes its own comment: MySQL `/*!50708`, MariaDB `/*M!`,
   * which ignores the versions of MySQL 5.7.
   */
  get sessionSettings(): readonly string[] {
    const { readMsMax } = this;
    return [
      `SET SESSION /*!50708 max_execution_time = ${readMsMax} */
        /*M! max_statement_time = ${readMsMax / 1000} */`,
    ];
  }

  async onApplicationShutdown(): Promise<void> {
    await this.dataSource.destroy();
  }
}
