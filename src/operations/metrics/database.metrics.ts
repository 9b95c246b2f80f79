import { Injectable } from '@nestjs/common';
import type { Metric } from 'prom-client';
import {
  ConnectionGate,
  databaseMetrics,
  TransactionRunner,
} from '../../platform/database/index.js';
import { PlaceTotals } from './place-totals.js';
import { placeMetrics } from './place.metrics.js';

@Injectable()
export class DatabaseMetrics {
  readonly metrics: readonly Metric[];

  constructor(runner: TransactionRunner, gate: ConnectionGate, totals: PlaceTotals) {
    this.metrics = [...databaseMetrics(runner, gate), ...placeMetrics(totals)];
  }
}
