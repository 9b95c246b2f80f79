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

/** The connection of the commit probe, which waits for no read. */
export const PROBE_CONNECTIONS = 1;

export interface ReadPoolOptions {
  /** Connections for reads. The pool has one more for the commit probe. */
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
  /** Beside `gate`. */
  readonly probeGate: ConnectionGate;
  readonly readMsMax: number;

  private constructor(
    readonly dataSource: DataSource,
    { size, readMsMax }: ReadPoolOptions,
  ) {
    const limits = { waitersMax: WAITERS_MAX, waitMsMax: WAIT_MS_MAX };
    this.gate = new ConnectionGate({ ...limits, connections: size });
    this.bulkGate = new ConnectionGate({ ...limits, connections: bulkReadsOf(size) });
    this.probeGate = new ConnectionGate({ ...limits, connections: PROBE_CONNECTIONS });
    this.readMsMax = readMsMax;
  }

  static async open(databaseUrl: string, options: ReadPoolOptions): Promise<ReadPool> {
    const purpose = { kind: 'reads', statementMsMax: options.readMsMax } as const;
    const size = options.size + PROBE_CONNECTIONS;
    const dataSource = new DataSource(dataSourceOptions(databaseUrl, size, purpose));
    return new ReadPool(await dataSource.initialize(), options);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.dataSource.destroy();
  }
}
