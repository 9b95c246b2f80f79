import { BATCH } from './outbox.js';

/** A row of outbox_messages, as it is read. */
export interface StoredRow {
  readonly id: string;
  readonly eventId: string;
  readonly sectionId: string | null;
  readonly sequence: string | number;
  readonly type: string;
  readonly payload: string;
  readonly createdAt: Date;
}

/** What a row holds for each message. Earlier versions did not store the cause. */
interface Fact {
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>> & {
    readonly by?: string;
    readonly request?: string;
  };
}

/** A message, as readers get it. */
export interface StoredMessage extends Fact {
  readonly sectionId: string | null;
  readonly sequence: number;
  readonly createdAt: Date;
}

/** The messages that a row holds, in the order of their changes. */
export function messagesOf(row: StoredRow): readonly StoredMessage[] {
  const { sectionId, createdAt } = row;
  const first = Number(row.sequence);
  return factsOf(row).map((fact, index) => ({
    ...fact,
    sectionId,
    sequence: first + index,
    createdAt,
  }));
}

function factsOf({ type, payload }: StoredRow): readonly Fact[] {
  const parsed: unknown = JSON.parse(payload);
  return (type === BATCH ? parsed : [{ type, payload: parsed }]) as readonly Fact[];
}
