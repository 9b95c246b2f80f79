import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { idColumn } from '../platform/database/index.js';

/** That a seat is sold, and by which ticket. The primary key refuses to sell it twice. */
@Entity('booked_seats')
@Index('uq_booked_seats_ticket', ['ticketId'], { unique: true })
export class BookedSeatEntity {
  /** Of the seat. */
  @PrimaryColumn(idColumn('id'))
  id!: string;

  @Column(idColumn('event_id'))
  eventId!: string;

  @Column(idColumn('ticket_id'))
  ticketId!: string;
}
