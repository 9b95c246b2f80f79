import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { amountColumn, countColumn, currencyColumn, idColumn } from '../platform/database/index.js';
import type { Hold } from '../allocation/index.js';

/** Places held for one person for a limited time. */
@Entity('holds')
@Index('ix_holds_expiry', ['sectionId', 'status', 'expiresAt'])
@Index('ix_holds_person', ['sectionId', 'userId', 'status'])
export class HoldEntity {
  @PrimaryColumn(idColumn('id'))
  id!: string;

  @Column(idColumn('event_id'))
  eventId!: string;

  @Column(idColumn('section_id'))
  sectionId!: string;

  @Column(idColumn('user_id'))
  userId!: string;

  @Column(countColumn('quantity'))
  quantity!: number;

  @Column({ name: 'status', type: 'enum', enum: ['HELD', 'CONFIRMED', 'RELEASED', 'EXPIRED'] })
  status!: Hold['status'];

  /** Of one place, when the places were given; null if the section had no price, or in rows of earlier versions. */
  @Column({ ...amountColumn('price_amount'), nullable: true })
  priceAmount!: string | null;

  @Column({ ...currencyColumn('price_currency'), nullable: true })
  priceCurrency!: string | null;

  /** The waitlist entry that it is offered to. */
  @Column({ ...idColumn('waitlist_entry_id'), nullable: true })
  waitlistEntryId!: string | null;

  @Column({ name: 'expires_at', type: 'datetime', precision: 3 })
  expiresAt!: Date;

  @Column({ name: 'created_at', type: 'datetime', precision: 3 })
  createdAt!: Date;

  @Column({ name: 'ended_at', type: 'datetime', precision: 3, nullable: true })
  endedAt!: Date | null;
}
