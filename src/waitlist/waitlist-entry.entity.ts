import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { countColumn, idColumn } from '../platform/database/index.js';
import type { EntryStatus } from '../allocation/index.js';

/** In the order of the column's ENUM. */
const STATUSES: EntryStatus[] = [
  'WAITING',
  'PROMOTED',
  'LEFT',
  'VOIDED',
  'OFFERED',
  'DECLINED',
  'EXPIRED',
];

/** An entry of a section's waitlist, which is its WAITING entries in the order of seq. */
@Entity('waitlist_entries')
@Index('uq_waitlist_line', ['sectionId', 'status', 'seq'], { unique: true })
@Index('ix_waitlist_size', ['sectionId', 'status', 'quantity', 'seq'])
@Index('uq_waitlist_waiting_person', ['sectionId', 'waitingUserId'], { unique: true })
export class WaitlistEntryEntity {
  @PrimaryColumn(idColumn('id'))
  id!: string;

  @Column(idColumn('event_id'))
  eventId!: string;

  @Column(idColumn('section_id'))
  sectionId!: string;

  @Column(idColumn('user_id'))
  userId!: string;

  /** userId while the entry is WAITING or OFFERED, then null: ensures one open entry per person. */
  @Column({ ...idColumn('waiting_user_id'), nullable: true })
  waitingUserId!: string | null;

  @Column(countColumn('quantity'))
  quantity!: number;

  /** From a counter in the section's row, under its lock: never reused, never renumbered. */
  @Column({ name: 'seq', type: 'bigint', unsigned: true })
  seq!: string;

  @Column({ name: 'status', type: 'enum', enum: STATUSES })
  status!: EntryStatus;

  @Column({ name: 'created_at', type: 'datetime', precision: 3 })
  createdAt!: Date;

  @Column({ name: 'ended_at', type: 'datetime', precision: 3, nullable: true })
  endedAt!: Date | null;

  /** The hold that is offered to it, while it is OFFERED. */
  @Column({ ...idColumn('hold_id'), nullable: true })
  holdId!: string | null;
}
