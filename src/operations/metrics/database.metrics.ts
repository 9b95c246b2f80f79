import { Injectable } from '@nestjs/common';
import type { Metric } from 'prom-client';
import {
  ConnectionGate,
  databaseMetrics,
  ReadPool,
  TransactionRunner,
} from '../../platform/database/index.js';
import { ExpensiveReads } from '../../platform/http/index.js';
import { PlaceTotals } from './place-totals.js';
import { placeMetrics } from './place.metrics.js';
import { readMetrics } from './read.metrics.js';

@Injectable()
export class DatabaseMetrics {
  readonly metrics: readonly Metric[];

  constructor(
    runner: TransactionRunner,
    gate: ConnectionGate,
    pool: ReadPool,
    reads: ExpensiveReads,
    totals: PlaceTotals,
  ) {
    this.metrics = [
      ...databaseMetrics(runner, gate),
      ...readMetrics(pool.gate, reads),
      ...placeMetrics(totals),
    ];
  }
}
