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

/** A new seat, which is AVAILABLE. */
export type NewSeat = Pick<Seat, 'id' | 'row' | 'number' | 'position'> & {
  readonly eventId: string;
  readonly sectionId: string;
};

/** The first AVAILABLE seats of a section from a position on. */
export interface FreeSeatsQuery {
  readonly sectionId: string;
  readonly from: number;
  readonly count: number;
}

/** SQL on seats, under the locks of their sections. */
@Injectable()
export class SeatsRepository {
  /** Seats by id, and the seats of holds. */
  named(ids: readonly string[], holdIds: readonly string[]): Query<readonly SeatOfSection[]> {
    if (ids.length + holdIds.length === 0) return constantQuery([]);
    const parts = [
      ...(ids.length > 0 ? [{ column: 'id', values: ids }] : []),
      ...(holdIds.length > 0 ? [{ column: 'hold_id', values: holdIds }] : []),
    ];
    return defineQuery(
      parts
        .map(({ column }) => `(SELECT ${SEAT} FROM seats WHERE ${column} IN (?))`)
        .join(' UNION '),
      parts.map(({ values }) => values),
      (rows: readonly SeatOfSection[]) => rows,
    );
  }

  /** By position. */
  free(demands: readonly FreeSeatsQuery[]): Query<readonly SeatOfSection[]> {
    if (demands.length === 0) return constantQuery([]);
    const ofSection = `(SELECT ${SEAT} FROM seats
       WHERE section_id = ? AND status = 'AVAILABLE' AND position >= ? ORDER BY position LIMIT ?)`;
    return defineQuery(
      demands.map(() => ofSection).join(' UNION ALL '),
      demands.flatMap(({ sectionId, from, count }) => [sectionId, from, count]),
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
 * Writes the new status of seats. All seats that become BOOKED, or AVAILABLE, share one statement:
 * cancelling an event frees thousands at once, which would take seconds row by row.
 */
export function saveSeats(changes: readonly SeatChange[]): Change[] {
  const held = changes.filter(({ status }) => status === 'HELD');
  const bookedAndFree = (['BOOKED', 'AVAILABLE'] as const).flatMap((status) => {
    const ids = changes.filter((change) => change.status === status).map(({ id }) => id);
    return setOnRows('seats', 'status = ?, hold_id = NULL', [status], ids);
  });
  const rows = held.map(({ id, status, holdId }) => ({ id, values: [status, holdId] }));
  return [...bookedAndFree, ...updateRowsById('seats', ['status', 'hold_id'], rows)];
}
