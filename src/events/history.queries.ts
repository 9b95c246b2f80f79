import { Injectable } from '@nestjs/common';
import { groupBy } from '../platform/common/index.js';
import { BulkReader } from '../platform/database/index.js';
import {
  foreignCursor,
  keysOf,
  limitOf,
  type Page,
  pageOf,
  type PageQuery,
} from '../platform/http/index.js';
import { messagesOf, type StoredMessage, type StoredRow } from '../platform/outbox/index.js';
import type { ChangeResponse } from './dto/history.dto.js';
import { toChange } from './history.mappers.js';

/** By index, newest first. Changes of one section have the order of their sequence. */
const ROWS = `
  SELECT id, event_id AS eventId, section_id AS sectionId, sequence, type, payload,
         created_at AS createdAt
    FROM outbox_messages
   WHERE event_id = ? AND created_at <= ?
     AND (created_at < ? OR (created_at = ? AND (sequence < ? OR (sequence = ? AND id <= ?))))
   ORDER BY created_at DESC, sequence DESC, id DESC LIMIT ?`;

/** After every row: the start of the first page. */
const START = ['9999-12-31T00:00:00.000Z', '0', '', '0'] as const;
const TIME = /^[1-9]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const NUMBER = /^\d{1,16}$/;

/** A message, and the row that holds it. */
interface Located {
  readonly row: StoredRow;
  readonly message: StoredMessage;
}

/** The changes of an event, from the outbox messages that were committed with them. */
@Injectable()
export class HistoryQueries {
  constructor(private readonly reads: BulkReader) {}

  /** @throws {DomainError} `invalid_request` for the cursor of another list */
  async page(eventId: string, query: PageQuery): Promise<Page<ChangeResponse>> {
    const [time, sequence, id, before] = keysOf(query, START.length) ?? START;
    if (!TIME.test(time!) || !NUMBER.test(sequence!) || !NUMBER.test(before!))
      throw foreignCursor();
    const limit = limitOf(query);
    // The row of the cursor comes first again: it may hold older messages, or none. So a page needs that row, one for
    // each message, and one to see whether there is a next page.
    const at = new Date(time!);
    const rows = await this.reads.query<StoredRow>(ROWS, [
      eventId,
      at,
      at,
      at,
      sequence,
      sequence,
      id,
      limit + 2,
    ]);
    const located = rows
      .flatMap((row) =>
        messagesOf(row)
          .toReversed()
          .map((message) => ({ row, message })),
      )
      .filter(({ row, message }) => row.id !== id || message.sequence < Number(before));
    const shown = located.slice(0, limit + 1);
    const names = await this.namesOf(shown);
    return pageOf(shown, limit, {
      keys: keysOfMessage,
      item: ({ message }) => toChange(message, names),
    });
  }

  /** The names of the keys that made changes. */
  private async namesOf(changes: readonly Located[]): Promise<ReadonlyMap<string, string>> {
    const ids = [...groupBy(changes, ({ message }) => message.payload.by ?? '').keys()];
    if (ids.length === 0) return new Map();
    const keys = await this.reads.query<{ readonly id: string; readonly name: string }>(
      'SELECT id, name FROM api_keys WHERE id IN (?)',
      [ids],
    );
    return new Map(keys.map(({ id, name }) => [id, name]));
  }
}

const keysOfMessage = ({ row, message }: Located): readonly string[] => [
  row.createdAt.toISOString(),
  String(row.sequence),
  row.id,
  String(message.sequence),
];
