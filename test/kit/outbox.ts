/** A row holds the messages of one transaction; in version 0.2.0, a single one, whose type it has. */
interface OutboxRow {
  readonly id: string;
  readonly eventId: string;
  readonly sectionId: string | null;
  readonly sequence: number;
  readonly type: string;
  readonly payload: string;
  readonly createdAt: Date;
}

/** What a row holds for each message. */
interface Fact {
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

export interface OutboxMessage extends Fact {
  /** Unique: the id of its row, and its index there. */
  readonly id: string;
  readonly eventId: string;
  /** Null if it is about the event itself. */
  readonly sectionId: string | null;
  /** Numbers the messages of a section, and those about an event itself. */
  readonly sequence: number;
  readonly createdAt: Date;
}

/** Runs SQL with placeholders. */
export type Ask = <Row>(sql: string, parameters?: unknown[]) => Promise<Row[]>;

const ROWS = `
  SELECT id, event_id AS eventId, section_id AS sectionId, sequence, type, payload,
         created_at AS createdAt
    FROM outbox_messages`;

/**
 * The messages in the outbox, of one event or of all, in order: first those about an event itself, then those of
 * each section.
 */
export async function readOutbox(
  { query }: { readonly query: Ask },
  eventId?: string,
): Promise<OutboxMessage[]> {
  const where = eventId === undefined ? '' : 'WHERE event_id = ?';
  const sql = `${ROWS} ${where} ORDER BY section_id IS NOT NULL, section_id, sequence`;
  const rows = await query<OutboxRow>(sql, eventId === undefined ? [] : [eventId]);
  return rows.flatMap(messagesOf);
}

function messagesOf({ id, sequence, type, payload, ...shared }: OutboxRow): OutboxMessage[] {
  const parsed: unknown = JSON.parse(payload);
  const facts = (type === 'batch' ? parsed : [{ type, payload: parsed }]) as readonly Fact[];
  return facts.map((fact, index) => ({
    ...shared,
    id: `${id}.${index}`,
    sequence: sequence + index,
    ...fact,
  }));
}
