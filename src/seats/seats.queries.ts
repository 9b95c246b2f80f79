import { Injectable } from '@nestjs/common';
import { BulkReader, DatabaseReader } from '../platform/database/index.js';
import type { SeatStatus } from '../allocation/index.js';

export interface SeatPlace {
  readonly eventId: string;
  readonly sectionId: string;
}

export interface SeatRow {
  readonly id: string;
  readonly sectionId: string;
  readonly row: string;
  readonly number: number;
  readonly position: number;
  readonly status: SeatStatus;
}

export interface SeatFilter {
  readonly sectionIds: readonly string[];
  readonly status: SeatStatus | undefined;
  /** The last seat of the page before. */
  readonly after: { readonly sectionId: string; readonly position: number } | undefined;
}

@Injectable()
export class SeatsQueries {
  constructor(
    private readonly reads: DatabaseReader,
    private readonly bulk: BulkReader,
  ) {}

  /** Undefined if the seat does not exist. */
  async find(id: string): Promise<SeatPlace | undefined> {
    const [row] = await this.reads.query<SeatPlace>(
      'SELECT event_id AS eventId, section_id AS sectionId FROM seats WHERE id = ?',
      [id],
    );
    return row;
  }

  /** Seats by section and, within it, row by row; read from an index with any filter. */
  async list({ sectionIds, status, after }: SeatFilter, limit: number): Promise<SeatRow[]> {
    const wanted = placesOf(sectionIds, after);
    if (wanted.length === 0) return [];
    const [index, own] =
      status === undefined ? ['ix_seats_house', ''] : ['ix_seats_free', 'AND status = ?'];
    return this.bulk.query<SeatRow>(
      `SELECT id, section_id AS sectionId, row_name AS \`row\`, seat_number AS number, position,
              status
         FROM seats FORCE INDEX (${index})
        WHERE (${wanted.map(({ sql }) => sql).join(' OR ')}) ${own}
        ORDER BY section_id, position LIMIT ?`,
      [
        ...wanted.flatMap(({ parameters }) => parameters),
        ...(status === undefined ? [] : [status]),
        limit,
      ],
    );
  }
}

/** The rest of the section in which the page before ended, and the sections after it. */
function placesOf(
  sectionIds: readonly string[],
  after: SeatFilter['after'],
): { readonly sql: string; readonly parameters: readonly unknown[] }[] {
  const isLater = (id: string): boolean => after === undefined || id > after.sectionId;
  const later = sectionIds.filter(isLater);
  const rest = after !== undefined && sectionIds.includes(after.sectionId) ? [after] : [];
  return [
    ...rest.map(({ sectionId, position }) => {
      return { sql: '(section_id = ? AND position > ?)', parameters: [sectionId, position] };
    }),
    ...(later.length > 0 ? [{ sql: 'section_id IN (?)', parameters: [later] }] : []),
  ];
}
