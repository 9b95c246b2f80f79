import { insertRows } from '../database/set-based.js';
import type { Transaction } from '../database/transaction.js';

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
export async function appendToOutbox(
  tx: Transaction,
  messages: readonly OutboxMessage[],
): Promise<void> {
  const rows = messages.map((message) => [
    message.id,
    message.eventId,
    message.sectionId,
    message.sequence,
    message.type,
    JSON.stringify(message.payload),
    message.createdAt,
  ]);
  await insertRows(tx, 'outbox_messages', COLUMNS, rows);
}

/** Whether a message was committed: the proof, after a COMMIT without an answer, that it happened. */
export async function isInOutbox(tx: Transaction, messageId: string): Promise<boolean> {
  const rows = await tx.query<unknown[]>('SELECT 1 FROM outbox_messages WHERE id = ?', [messageId]);
  return rows.length > 0;
}
