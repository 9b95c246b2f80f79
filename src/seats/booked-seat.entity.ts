import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { idColumn } from '../platform/database/index.js';

/** The ticket of a booked seat. The primary key prevents booking a seat twice. */
@Entity('booked_seats')
@Index('uq_booked_seats_ticket', ['ticketId'], { unique: true })
export class BookedSeatEntity {
  /** The seat's id. */
  @PrimaryColumn(idColumn('id'))
  id!: string;

  @Column(idColumn('event_id'))
  eventId!: string;

  @Column(idColumn('ticket_id'))
  ticketId!: string;
}
