import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { countColumn, idColumn } from '../platform/database/index.js';
import type { SeatStatus } from '../allocation/index.js';

/** A numbered place of a section. */
@Entity('seats')
@Index('uq_seats_place', ['sectionId', 'rowName', 'seatNumber'], { unique: true })
@Index('ix_seats_free', ['sectionId', 'status', 'position'])
@Index('ix_seats_house', ['sectionId', 'position'])
@Index('ix_seats_hold', ['holdId'])
export class SeatEntity {
  @PrimaryColumn(idColumn('id'))
  id!: string;

  @Column(idColumn('event_id'))
  eventId!: string;

  @Column(idColumn('section_id'))
  sectionId!: string;

  @Column({ name: 'row_name', type: 'varchar', length: 20 })
  rowName!: string;

  @Column(countColumn('seat_number'))
  seatNumber!: number;

  /** Row by row, with a gap between two rows. */
  @Column(countColumn('position'))
  position!: number;

  @Column({ name: 'status', type: 'enum', enum: ['AVAILABLE', 'HELD', 'BOOKED'] })
  status!: SeatStatus;

  /** The hold that it belongs to while it is HELD. */
  @Column({ ...idColumn('hold_id'), nullable: true })
  holdId!: string | null;
}
