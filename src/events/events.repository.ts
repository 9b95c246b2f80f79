import { Injectable } from '@nestjs/common';
import { type Change, insertRows, type Question, question } from '../platform/index.js';

export interface NewEvent {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly now: Date;
}

@Injectable()
export class EventsRepository {
  /** A new event, published at once. */
  insert({ id, name, version, now }: NewEvent): Change[] {
    const columns = ['id', 'name', 'status', 'version', 'created_at', 'updated_at'];
    return insertRows('events', columns, [[id, name, 'PUBLISHED', version, now, now]]);
  }

  /**
   * Whether an event is there, asked with a lock: it waits for a transaction that has inserted it
   * and not yet ended, so the answer is final.
   */
  exists(id: string): Question<boolean> {
    return question(
      'SELECT 1 FROM events WHERE id = ? FOR UPDATE',
      [id],
      (rows) => rows.length > 0,
    );
  }
}
