/** A row of outbox_messages, as it is read. */
export interface OutboxRow {
  readonly id: string;
  readonly eventId: string;
  readonly sectionId: string | null;
  readonly sequence: string | number;
  readonly type: string;
  readonly payload: string;
  readonly createdAt: Date;
}

/** A message, as readers get it. Those that earlier versions wrote do not say who caused them. */
export interface StoredMessage {
  readonly sectionId: string | null;
  readonly sequence: number;
  readonly type: string;
  readonly createdAt: Date;
  readonly payload: Readonly<Record<string, unknown>> & {
    readonly by?: string;
    readonly request?: string;
  };
}

/** The messages that a row holds, in the order of their changes. */
export function messagesOf(row: OutboxRow): readonly StoredMessage[] {
  const { sectionId, sequence, type, payload, createdAt } = row;
  const parsed = JSON.parse(payload) as StoredMessage['payload'];
  return [{ sectionId, sequence: Number(sequence), type, createdAt, payload: parsed }];
}
