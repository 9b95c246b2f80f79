import { Injectable } from '@nestjs/common';
import { insertRows, type Transaction } from '../platform/index.js';

export interface NewEvent {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly now: Date;
}

@Injectable()
export class EventsRepository {
  /** A new event, published at once. */
  async insert(tx: Transaction, { id, name, version, now }: NewEvent): Promise<void> {
    const columns = ['id', 'name', 'status', 'version', 'created_at', 'updated_at'];
    await insertRows(tx, 'events', columns, [[id, name, 'PUBLISHED', version, now, now]]);
  }

  /**
   * Whether an event is there, asked with a lock: it waits for a transaction that has inserted it
   * and not yet ended, so the answer is final.
   */
  async exists(tx: Transaction, id: string): Promise<boolean> {
    const rows = await tx.query<unknown[]>('SELECT 1 FROM events WHERE id = ? FOR UPDATE', [id]);
    return rows.length > 0;
  }
}
