import { Injectable } from '@nestjs/common';
import { BulkReader, DatabaseReader, READ_AT } from '../platform/database/index.js';
import {
  type EntryStatus,
  type Price,
  selectPrice,
  SEQS_PER_BLOCK,
  type StoredPrice,
  withPrice,
} from '../allocation/index.js';

const ENTRY = `entry.id, entry.event_id AS eventId, entry.section_id AS sectionId,
  entry.user_id AS userId, entry.quantity, entry.seq, entry.status, entry.created_at AS createdAt,
  entry.ended_at AS endedAt, hold.id AS holdId, hold.expires_at AS expiresAt,
  booking.id AS bookingId, ${selectPrice('hold')}, ${READ_AT}`;

/** The hold that is offered to an entry, and the booking that it became. */
const HOLD_AND_BOOKING = `
         LEFT JOIN holds hold ON hold.id = entry.hold_id
         LEFT JOIN bookings booking ON booking.waitlist_entry_id = entry.id`;

export interface EntryRow {
  readonly id: string;
  readonly eventId: string;
  readonly sectionId: string;
  readonly userId: string;
  readonly quantity: number;
  readonly seq: number;
  readonly status: EntryStatus;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
  /** Of the hold that is offered to it. */
  readonly holdId: string | null;
  readonly expiresAt: Date | null;
  readonly price: Price | null;
  /** The booking that it became, if it was PROMOTED. */
  readonly bookingId: string | null;
  /** 1 for the head of the waitlist; meaningless unless the entry is WAITING. */
  readonly position: number;
  /** By the database's clock. */
  readonly readAt: Date;
}

/** BIGINTs arrive as strings. */
type StoredRow = Omit<EntryRow, 'seq' | 'position' | 'price'> &
  StoredPrice & { readonly seq: string };
type RankedRow = StoredRow & { readonly position: string };
/** `passed`: entries of its section that wait on the pages before. */
type ListedRow = StoredRow & { readonly passed: string };

/** An entry's place in the list of an event's entries. */
export interface ListPosition {
  readonly sectionId: string;
  readonly seq: number;
}

/**
 * Positions are counted by the statement that reads the entries, so that both are of one moment.
 */
@Injectable()
export class WaitlistQueries {
  constructor(
    private readonly reads: DatabaseReader,
    private readonly bulk: BulkReader,
  ) {}

  /** The constant fields that a command needs; undefined if the entry does not exist. */
  async findPlaces(
    id: string,
  ): Promise<Pick<EntryRow, 'eventId' | 'sectionId' | 'quantity'> | undefined> {
    const [row] = await this.reads.query<Pick<EntryRow, 'eventId' | 'sectionId' | 'quantity'>>(
      `SELECT event_id AS eventId, section_id AS sectionId, quantity
         FROM waitlist_entries WHERE id = ?`,
      [id],
    );
    return row;
  }

  async find(id: string): Promise<EntryRow | undefined> {
    const rows = await this.bulk.query<RankedRow>(withPosition('entry.id = ?'), [id]);
    return rows.map(toEntry)[0];
  }

  /** The open entries of a person in these sections, newest first: at most one in each. */
  async ofPerson(
    userId: string,
    { sectionIds, before }: { sectionIds: readonly string[]; before: string | undefined },
    limit: number,
  ): Promise<readonly EntryRow[]> {
    if (sectionIds.length === 0) return [];
    const one = `(${withPosition('entry.section_id = ? AND entry.waiting_user_id = ?')})`;
    const rows = await this.bulk.query<RankedRow>(
      `SELECT * FROM (${sectionIds.map(() => one).join(' UNION ALL ')}) own
        ${before === undefined ? '' : 'WHERE id < ?'} ORDER BY id DESC LIMIT ?`,
      [
        ...sectionIds.flatMap((sectionId) => [sectionId, userId]),
        ...(before === undefined ? [] : [before]),
        limit,
      ],
    );
    return rows.map(toEntry);
  }

  /** The open entries by section and, within it, in waitlist order. */
  async open(
    sectionIds: readonly string[],
    after: ListPosition | undefined,
    limit: number,
  ): Promise<readonly EntryRow[]> {
    const stretches = stretchesOf(sectionIds, after);
    if (stretches.length === 0) return [];
    const { sectionId, seq } = after ?? { sectionId: '', seq: 0 };
    const parts = stretches.flatMap((stretch) => [
      { ...stretch, status: 'WAITING' },
      { ...stretch, status: 'OFFERED' },
    ]);
    const select = `(SELECT id, section_id, seq FROM waitlist_entries FORCE INDEX (uq_waitlist_line)
       WHERE section_id = ? AND status = ? AND seq > ? ORDER BY seq LIMIT ?)`;
    const rows = await this.bulk.query<ListedRow>(
      `SELECT ${ENTRY}, (${passedEntries()}) AS passed
         FROM (SELECT * FROM (${parts.map(() => select).join(' UNION ALL ')}) part
                ORDER BY section_id, seq LIMIT ?) chosen
         STRAIGHT_JOIN waitlist_entries entry FORCE INDEX (PRIMARY) ON entry.id = chosen.id
         ${HOLD_AND_BOOKING}
        ORDER BY entry.section_id, entry.seq`,
      [
        Math.floor(seq / SEQS_PER_BLOCK),
        seq - (seq % SEQS_PER_BLOCK),
        seq,
        sectionId,
        ...parts.flatMap((part) => [part.sectionId, part.status, part.seq, limit]),
        limit,
      ],
    );
    return counted(rows, after);
  }
}

/** SQL of constants: a seq, the first seq of its block and the number of the block. */
interface SeqSql {
  readonly seq: string;
  readonly blockStart: string;
  readonly block: string;
}

/**
 * Counts the WAITING entries of `section` up to a seq. Blocks of seqs are counted already, so only the last block
 * is counted in the index, unless the counts are incomplete.
 */
function countUpTo({ seq, blockStart, block }: SeqSql): { count: string; join: string } {
  const isCounted = 'section.counted_version = section.version';
  return {
    count: `COUNT(ahead.seq) + (SELECT COALESCE(SUM(counted.waiting), 0) FROM waitlist_counts counted
        WHERE counted.section_id = section.id AND counted.block < IF(${isCounted}, ${block}, 0))`,
    join: `LEFT JOIN waitlist_entries ahead FORCE INDEX (uq_waitlist_line)
        ON ahead.section_id = section.id AND ahead.status = 'WAITING'
       AND ahead.seq >= IF(${isCounted}, ${blockStart}, 0) AND ahead.seq <= ${seq}`,
  };
}

/** One entry and its position. Found by a whole unique key, so that its seq is a constant. */
function withPosition(isIt: string): string {
  const { count, join } = countUpTo({
    seq: 'entry.seq',
    blockStart: `entry.seq - entry.seq % ${SEQS_PER_BLOCK}`,
    block: `entry.seq DIV ${SEQS_PER_BLOCK}`,
  });
  return `SELECT ${ENTRY}, ${count} AS position
    FROM waitlist_entries entry ${HOLD_AND_BOOKING}
    JOIN sections section ON section.id = entry.section_id
    ${join} AND entry.status = 'WAITING'
   WHERE ${isIt} GROUP BY entry.id, hold.id, booking.id, section.id`;
}

/** The entries of a section that wait on the pages before; parameters: block, its first seq, seq, section. */
function passedEntries(): string {
  const { count, join } = countUpTo({ block: '?', blockStart: '?', seq: '?' });
  return `SELECT ${count} FROM sections section ${join} WHERE section.id = ? GROUP BY section.id`;
}

/** The rest of the section in which the page before ended, and the sections after it. */
const stretchesOf = (
  sectionIds: readonly string[],
  after: ListPosition | undefined,
): ListPosition[] =>
  sectionIds
    .filter((sectionId) => after === undefined || sectionId >= after.sectionId)
    .map((sectionId) => ({ sectionId, seq: sectionId === after?.sectionId ? after.seq : 0 }));

/** Numbers the entries of each section; only the first section has entries on the pages before. */
function counted(rows: readonly ListedRow[], after: ListPosition | undefined): EntryRow[] {
  let sectionId = after?.sectionId;
  let position = Number(rows[0]?.passed ?? 0);
  return rows.map(({ passed: _, ...row }) => {
    if (row.sectionId !== sectionId) position = 0;
    sectionId = row.sectionId;
    if (row.status === 'WAITING') position += 1;
    return { ...withPrice(row), seq: Number(row.seq), position };
  });
}

const toEntry = (row: RankedRow): EntryRow => {
  return { ...withPrice(row), seq: Number(row.seq), position: Number(row.position) };
};
