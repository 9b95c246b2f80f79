import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { idColumn } from '../database/index.js';

/** A fact, written in the same transaction as the change it reports. Named in the past tense. */
@Entity('outbox_messages')
@Index('ix_outbox_event', ['eventId', 'createdAt', 'sequence'])
export class OutboxMessageEntity {
  @PrimaryColumn(idColumn('id'))
  id!: string;

  @Column(idColumn('event_id'))
  eventId!: string;

  @Column({ ...idColumn('section_id'), nullable: true })
  sectionId!: string | null;

  /** The version of the section (or, without one, of the event) that this change made. */
  @Column({ name: 'sequence', type: 'bigint', unsigned: true })
  sequence!: string;

  @Column({ name: 'type', type: 'varchar', length: 64, charset: 'ascii', collation: 'ascii_bin' })
  type!: string;

  /** JSON with ids and numbers but never an identifier, because messages leave the service. */
  @Column({ name: 'payload', type: 'mediumtext' })
  payload!: string;

  @Column({ name: 'created_at', type: 'datetime', precision: 3 })
  createdAt!: Date;
}
