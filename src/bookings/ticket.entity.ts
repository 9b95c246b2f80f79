import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { idColumn } from '../platform/database/index.js';

export type TicketStatus = 'BOOKED' | 'CANCELLED';

/** One admission of a booking. */
@Entity('tickets')
@Index('ix_tickets_booking', ['bookingId', 'status'])
export class TicketEntity {
  @PrimaryColumn(idColumn('id'))
  id!: string;

  @Column(idColumn('event_id'))
  eventId!: string;

  @Column(idColumn('booking_id'))
  bookingId!: string;

  @Column({ name: 'status', type: 'enum', enum: ['BOOKED', 'CANCELLED'] })
  status!: TicketStatus;

  @Column({ name: 'cancelled_at', type: 'datetime', precision: 3, nullable: true })
  cancelledAt!: Date | null;

  /** Its seat, in a section with seats; stays when it is cancelled. */
  @Column({ ...idColumn('seat_id'), nullable: true })
  seatId!: string | null;
}
