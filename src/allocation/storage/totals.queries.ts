import { Injectable } from '@nestjs/common';
import { BulkReader } from '../../platform/database/index.js';

/** Sums over all sections of all organisers. */
export interface Totals {
  readonly capacity: number;
  readonly available: number;
  readonly held: number;
  readonly booked: number;
  /** WAITING entries. */
  readonly waiting: number;
}

const TOTALS = `SELECT COALESCE(SUM(capacity), 0) capacity, COALESCE(SUM(available), 0) available,
    COALESCE(SUM(held), 0) held, COALESCE(SUM(booked), 0) booked, COALESCE(SUM(waiting), 0) waiting
  FROM sections`;

@Injectable()
export class TotalsQueries {
  constructor(private readonly reads: BulkReader) {}

  /** Reads every section, without locks: an index on the counters would slow every booking. */
  async find(): Promise<Totals> {
    const [row] = await this.reads.query<Record<keyof Totals, string>>(TOTALS, []);
    const { capacity, available, held, booked, waiting } = row!;
    return {
      capacity: Number(capacity),
      available: Number(available),
      held: Number(held),
      booked: Number(booked),
      waiting: Number(waiting),
    };
  }
}
