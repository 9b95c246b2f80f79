import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import {
  amountColumn,
  countColumn,
  currencyColumn,
  idColumn,
} from '../../platform/database/index.js';
import { DEFAULT_ORGANISER_ID } from '../../platform/common/index.js';
import type { Fit, WaitlistMode } from '../core/state/section-rules.js';
import type { Sales } from '../core/state/locked-section.js';

/** A part of an event's capacity. Its row is the lock for its places. */
@Entity('sections')
@Index('ix_sections_event', ['eventId'])
@Index('ix_sections_expiry', ['holdsExpireAt'])
@Index('ix_sections_wanted', ['capacityWanted'])
export class SectionEntity {
  @PrimaryColumn(idColumn('id'))
  id!: string;

  @Column(idColumn('event_id'))
  eventId!: string;

  /** The owner of the event. */
  @Column({ ...idColumn('organiser_id'), default: DEFAULT_ORGANISER_ID })
  organiserId!: string;

  @Column({ name: 'name', type: 'varchar', length: 200 })
  name!: string;

  @Column({ name: 'sales', type: 'enum', enum: ['OPEN', 'CLOSED'] })
  sales!: Sales;

  @Column(countColumn('capacity'))
  capacity!: number;

  @Column(countColumn('booked'))
  booked!: number;

  @Column(countColumn('held'))
  held!: number;

  @Column(countColumn('available'))
  available!: number;

  /** Number of CONFIRMED bookings. */
  @Column(countColumn('bookings'))
  bookings!: number;

  /** Number of WAITING entries. */
  @Column(countColumn('waiting'))
  waiting!: number;

  @Column({ name: 'last_seq', type: 'bigint', unsigned: true })
  lastSeq!: string;

  @Column({ name: 'version', type: 'bigint', unsigned: true })
  version!: string;

  @Column({ name: 'is_seated', type: 'tinyint', unsigned: true, default: 0 })
  isSeated!: number;

  @Column({ ...countColumn('max_per_booking'), nullable: true })
  maxPerBooking!: number | null;

  @Column({ ...countColumn('max_per_person'), nullable: true })
  maxPerPerson!: number | null;

  @Column({ name: 'waitlist_enabled', type: 'tinyint', unsigned: true, default: 1 })
  waitlistEnabled!: number;

  @Column({ ...countColumn('waitlist_max'), nullable: true })
  waitlistMax!: number | null;

  @Column({ name: 'fit', type: 'enum', enum: ['strict', 'skip'], default: 'strict' })
  fit!: Fit;

  @Column({ name: 'mode', type: 'enum', enum: ['auto', 'offer'], default: 'auto' })
  mode!: WaitlistMode;

  @Column({ ...countColumn('offer_ttl_seconds'), default: 43_200 })
  offerTtlSeconds!: number;

  /** No HELD hold expires before this; null if none is HELD. */
  @Column({ name: 'holds_expire_at', type: 'datetime', precision: 3, nullable: true })
  holdsExpireAt!: Date | null;

  @Column({ name: 'created_at', type: 'datetime', precision: 3 })
  createdAt!: Date;

  /** Of one place; null if no price is set. */
  @Column({ ...amountColumn('price_amount'), nullable: true })
  priceAmount!: string | null;

  @Column({ ...currencyColumn('price_currency'), nullable: true })
  priceCurrency!: string | null;

  /** The event's first section; null in that one itself. */
  @Column({ ...idColumn('first_section_id'), nullable: true })
  firstSectionId!: string | null;

  /** Counts batches that locked this row for a limit of the whole event and changed nothing else of it. */
  @Column({ name: 'limit_turns', type: 'bigint', unsigned: true, default: 0 })
  limitTurns!: string;

  /** The version for which waitlist_counts is complete; null if it never was. */
  @Column({ name: 'counted_version', type: 'bigint', unsigned: true, nullable: true })
  countedVersion!: string | null;

  /** The capacity that the section is still to be raised to, step by step; null if none. */
  @Column({ ...countColumn('capacity_wanted'), nullable: true })
  capacityWanted!: number | null;
}
