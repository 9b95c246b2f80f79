import { insertRows, type Change, type Query, defineQuery } from '../database/index.js';

/** A fact about a change. Named in the past tense. */
export interface OutboxMessage {
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** A row: the messages of one transaction about a section or, without one, about an event. */
export interface OutboxRow {
  readonly id: string;
  readonly eventId: string;
  readonly sectionId: string | null;
  /** Of the first message. Each change counts one version, so the others follow without gaps. */
  readonly sequence: number;
  readonly messages: readonly OutboxMessage[];
  readonly createdAt: Date;
}

/** The `type` of a row with an array of messages. Rows of version 0.2.0 have that of their message. */
export const BATCH = 'batch';

const COLUMNS = ['id', 'event_id', 'section_id', 'sequence', 'type', 'payload', 'created_at'];

/** Writes the messages, in the transaction of the changes they report. */
export function outboxInsert(rows: readonly OutboxRow[]): Change[] {
  const values = rows.map((row) => [
    row.id,
    row.eventId,
    row.sectionId,
    row.sequence,
    BATCH,
    JSON.stringify(row.messages.map(({ type, payload }) => ({ type, payload }))),
    row.createdAt,
  ]);
  return insertRows('outbox_messages', COLUMNS, values);
}

/** Whether a row was committed: the proof, after a COMMIT without an answer, that it happened. */
export const isInOutbox = (rowId: string): Query<boolean> =>
  defineQuery('SELECT 1 FROM outbox_messages WHERE id = ?', [rowId], (rows) => rows.length > 0);
