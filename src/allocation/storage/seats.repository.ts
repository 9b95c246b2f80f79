import { Injectable } from '@nestjs/common';
import {
  constantQuery,
  type Change,
  insertRows,
  type Query,
  defineQuery,
  setOnRows,
  updateRowsById,
} from '../../platform/database/index.js';
import type { Seat, SeatChange } from '../core/state/seats.js';

const SEAT = `id, section_id AS sectionId, row_name AS \`row\`, seat_number AS number, position, status,
  hold_id AS holdId`;

const COLUMNS = ['id', 'event_id', 'section_id', 'row_name', 'seat_number', 'position', 'status'];

export type SeatOfSection = Seat & {
  readonly sectionId: string;
  readonly holdId: string | null;
};

/** A seat as it is numbered; all of them are free at first. */
export type NewSeat = Pick<Seat, 'id' | 'row' | 'number' | 'position'> & {
  readonly eventId: string;
  readonly sectionId: string;
};

/** SQL of seats. All of it under the lock of the sections concerned. */
@Injectable()
export class SeatsRepository {
  /** Seats by their ids, and those that certain holds hold, in one query. */
  named(ids: readonly string[], holdIds: readonly string[]): Query<readonly SeatOfSection[]> {
    if (ids.length + holdIds.length === 0) return constantQuery([]);
    const parts = [
      ...(ids.length > 0 ? [{ column: 'id', of: ids }] : []),
      ...(holdIds.length > 0 ? [{ column: 'hold_id', of: holdIds }] : []),
    ];
    return defineQuery(
      parts
        .map(({ column }) => `(SELECT ${SEAT} FROM seats WHERE ${column} IN (?))`)
        .join(' UNION '),
      parts.map(({ of }) => of),
      (rows: readonly SeatOfSection[]) => rows,
    );
  }

  /** The first free seats of several sections, in the order of the house, in one query. */
  free(
    wanted: readonly { readonly sectionId: string; readonly count: number }[],
  ): Query<readonly SeatOfSection[]> {
    if (wanted.length === 0) return constantQuery([]);
    const one = `(SELECT ${SEAT} FROM seats
       WHERE section_id = ? AND status = 'AVAILABLE' ORDER BY position LIMIT ?)`;
    return defineQuery(
      wanted.map(() => one).join(' UNION ALL '),
      wanted.flatMap(({ sectionId, count }) => [sectionId, count]),
      (rows: readonly SeatOfSection[]) => rows,
    );
  }

  insert(seats: readonly NewSeat[]): Change[] {
    const rows = seats.map(({ id, eventId, sectionId, row, number, position }) => {
      return [id, eventId, sectionId, row, number, position, 'AVAILABLE'];
    });
    return insertRows('seats', COLUMNS, rows);
  }
}

/**
 * Writes down whose seats they are now. Sold and free ones are all alike: an event that is called off
 * frees thousands at once, and row by row they would take seconds.
 */
export function saveSeats(changes: readonly SeatChange[]): Change[] {
  const held = changes.filter(({ status }) => status === 'HELD');
  const alike = (['BOOKED', 'AVAILABLE'] as const).flatMap((status) => {
    const ids = changes.filter((change) => change.status === status).map(({ id }) => id);
    return setOnRows('seats', 'status = ?, hold_id = NULL', [status], ids);
  });
  const rows = held.map(({ id, status, holdId }) => ({ id, values: [status, holdId] }));
  return [...alike, ...updateRowsById('seats', ['status', 'hold_id'], rows)];
}
