import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { countColumn, idColumn } from '../platform/index.js';
import type { Sales } from './core/locked-section.js';

/** A part of an event's capacity. Its row is the lock under which its places change hands. */
@Entity('sections')
@Index('ix_sections_event', ['eventId'])
export class SectionEntity {
  @PrimaryColumn(idColumn('id'))
  id!: string;

  @Column(idColumn('event_id'))
  eventId!: string;

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

  /** Confirmed bookings. */
  @Column(countColumn('bookings'))
  bookings!: number;

  /** Entries in the line. */
  @Column(countColumn('waiting'))
  waiting!: number;

  @Column({ name: 'last_seq', type: 'bigint', unsigned: true })
  lastSeq!: string;

  @Column({ name: 'version', type: 'bigint', unsigned: true })
  version!: string;

  @Column({ name: 'created_at', type: 'datetime', precision: 3 })
  createdAt!: Date;
}
