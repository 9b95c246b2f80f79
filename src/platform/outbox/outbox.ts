import { insertRows, type Change, type Query, defineQuery } from '../database/index.js';

export interface OutboxMessage {
  readonly id: string;
  readonly eventId: string;
  readonly sectionId: string | null;
  readonly sequence: number;
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
}

const COLUMNS = ['id', 'event_id', 'section_id', 'sequence', 'type', 'payload', 'created_at'];

/** Writes the messages, in the transaction of the changes they report. */
export function outboxInsert(messages: readonly OutboxMessage[]): Change[] {
  const rows = messages.map((message) => [
    message.id,
    message.eventId,
    message.sectionId,
    message.sequence,
    message.type,
    JSON.stringify(message.payload),
    message.createdAt,
  ]);
  return insertRows('outbox_messages', COLUMNS, rows);
}

/** Whether a message was committed: the proof, after a COMMIT without an answer, that it happened. */
export const isInOutbox = (messageId: string): Query<boolean> =>
  defineQuery('SELECT 1 FROM outbox_messages WHERE id = ?', [messageId], (rows) => rows.length > 0);
