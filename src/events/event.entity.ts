import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { countColumn, idColumn } from '../platform/database/index.js';
import { DEFAULT_ORGANISER_ID } from '../platform/common/index.js';

export type EventStatus = 'DRAFT' | 'PUBLISHED' | 'CANCELLED';

/** An event. Its places are in its sections; booking never locks this row. */
@Entity('events')
@Index('ix_events_organiser', ['organiserId'])
@Index('ix_events_status', ['organiserId', 'status'])
@Index('ix_events_start', ['organiserId', 'startsAt'])
@Index('ix_events_ending', ['isEnding'])
export class EventEntity {
  @PrimaryColumn(idColumn('id'))
  id!: string;

  /** Its owner. Other organisers see only its status. */
  @Column({ ...idColumn('organiser_id'), default: DEFAULT_ORGANISER_ID })
  organiserId!: string;

  @Column({ name: 'name', type: 'varchar', length: 200 })
  name!: string;

  @Column({ name: 'status', type: 'enum', enum: ['DRAFT', 'PUBLISHED', 'CANCELLED'] })
  status!: EventStatus;

  @Column(countColumn('version'))
  version!: number;

  @Column({ name: 'created_at', type: 'datetime', precision: 3 })
  createdAt!: Date;

  @Column({ name: 'updated_at', type: 'datetime', precision: 3 })
  updatedAt!: Date;

  /** When it was first on sale; null for an event that never was, which stays private. */
  @Column({ name: 'published_at', type: 'datetime', precision: 3, nullable: true })
  publishedAt!: Date | null;

  @Column({ name: 'description', type: 'text', nullable: true })
  description!: string | null;

  @Column({ name: 'venue', type: 'varchar', length: 200, nullable: true })
  venue!: string | null;

  @Column({ name: 'starts_at', type: 'datetime', precision: 3, nullable: true })
  startsAt!: Date | null;

  @Column({ name: 'ends_at', type: 'datetime', precision: 3, nullable: true })
  endsAt!: Date | null;

  /** 1 while it is CANCELLED and still has something to end. */
  @Column({ name: 'is_ending', type: 'tinyint', unsigned: true, default: 0 })
  isEnding!: number;
}
