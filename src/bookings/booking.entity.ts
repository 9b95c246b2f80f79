import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { amountColumn, countColumn, currencyColumn, idColumn } from '../platform/database/index.js';

export type BookingStatus = 'CONFIRMED' | 'CANCELLED';

/** Places that one person has booked. */
@Entity('bookings')
@Index('ix_bookings_person', ['userId', 'sectionId', 'status'])
@Index('ix_bookings_section', ['sectionId', 'status'])
@Index('uq_bookings_waitlist_entry', ['waitlistEntryId'], { unique: true })
export class BookingEntity {
  @PrimaryColumn(idColumn('id'))
  id!: string;

  @Column(idColumn('event_id'))
  eventId!: string;

  @Column(idColumn('section_id'))
  sectionId!: string;

  @Column(idColumn('user_id'))
  userId!: string;

  /** Number of places it has now; 0 once it is cancelled. */
  @Column(countColumn('quantity'))
  quantity!: number;

  @Column({ name: 'status', type: 'enum', enum: ['CONFIRMED', 'CANCELLED'] })
  status!: BookingStatus;

  /** Of one place, when the places were given; null if the section had no price, or in rows of earlier versions. */
  @Column({ ...amountColumn('price_amount'), nullable: true })
  priceAmount!: string | null;

  @Column({ ...currencyColumn('price_currency'), nullable: true })
  priceCurrency!: string | null;

  /** The entry it was promoted from. Unique: an entry is promoted once. */
  @Column({ ...idColumn('waitlist_entry_id'), nullable: true })
  waitlistEntryId!: string | null;

  /** The hold it was confirmed from. */
  @Column({ ...idColumn('hold_id'), nullable: true })
  holdId!: string | null;

  @Column({ name: 'created_at', type: 'datetime', precision: 3 })
  createdAt!: Date;

  @Column({ name: 'cancelled_at', type: 'datetime', precision: 3, nullable: true })
  cancelledAt!: Date | null;
}
