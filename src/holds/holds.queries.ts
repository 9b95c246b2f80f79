import { Injectable } from '@nestjs/common';
import { DatabaseReader, READ_AT } from '../platform/database/index.js';
import {
  type Hold,
  type OutcomeOf,
  selectPrice,
  type StoredHold,
  withPrice,
} from '../allocation/index.js';

/** NULL for a hold without seats. */
interface SeatColumns {
  readonly seatId: string | null;
  readonly seatRow: string | null;
  readonly seatNumber: number | null;
}

/** Its seats by position. */
export type HoldWithSeats = Required<Pick<OutcomeOf<'held'>, 'hold' | 'seats'>>;

export interface HoldRead extends HoldWithSeats {
  readonly readAt: Date;
}

@Injectable()
export class HoldsQueries {
  constructor(private readonly reads: DatabaseReader) {}

  /** The constant fields that a command needs; undefined if the hold does not exist. */
  async findPlaces(
    id: string,
  ): Promise<Pick<Hold, 'eventId' | 'sectionId' | 'quantity'> | undefined> {
    const [row] = await this.reads.query<Pick<Hold, 'eventId' | 'sectionId' | 'quantity'>>(
      `SELECT event_id AS eventId, section_id AS sectionId, quantity FROM holds WHERE id = ?`,
      [id],
    );
    return row;
  }

  /** A hold and its seats, of one moment; undefined if it does not exist. */
  async find(id: string): Promise<HoldRead | undefined> {
    const rows = await this.reads.query<StoredHold & SeatColumns & { readonly readAt: Date }>(
      `SELECT hold.id, hold.event_id AS eventId, hold.section_id AS sectionId,
              hold.user_id AS userId, hold.quantity, hold.status,
              hold.waitlist_entry_id AS waitlistEntryId, hold.expires_at AS expiresAt,
              hold.created_at AS createdAt, ${selectPrice('hold')}, seat.id AS seatId,
              seat.row_name AS seatRow, seat.seat_number AS seatNumber, ${READ_AT}
         FROM holds hold LEFT JOIN seats seat ON seat.hold_id = hold.id
        WHERE hold.id = ? ORDER BY seat.position`,
      [id],
    );
    const [first] = rows;
    if (first === undefined) return undefined;
    const { seatId: _, seatRow: __, seatNumber: ___, readAt, ...hold } = first;
    const seats = rows.flatMap(({ seatId, seatRow: row, seatNumber: number }) =>
      seatId === null || row === null || number === null ? [] : { id: seatId, row, number },
    );
    return { hold: { ...withPrice(hold), seatIds: seats.map((seat) => seat.id) }, seats, readAt };
  }
}
