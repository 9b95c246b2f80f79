import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { idColumn } from '../database/index.js';

/**
 * The messages of one transaction about one section, or about the event itself, written in that transaction.
 * The history of an event is read from them. A reader derives for the message at `index`: id = `<row id>.<index>`, sequence =
 * `sequence` + index; event, section and time are those of the row. Within a section, or among the
 * messages about an event itself, sequences have no gaps.
 */
@Entity('outbox_messages')
@Index('ix_outbox_event', ['eventId', 'createdAt', 'sequence'])
export class OutboxMessageEntity {
  @PrimaryColumn(idColumn('id'))
  id!: string;

  @Column(idColumn('event_id'))
  eventId!: string;

  @Column({ ...idColumn('section_id'), nullable: true })
  sectionId!: string | null;

  /** The version of the section (or, without one, of the event) that the first of the changes made. */
  @Column({ name: 'sequence', type: 'bigint', unsigned: true })
  sequence!: string;

  /** `batch`; in rows of version 0.2.0, which hold one message each, its type. */
  @Column({ name: 'type', type: 'varchar', length: 64, charset: 'ascii', collation: 'ascii_bin' })
  type!: string;

  /**
   * JSON: an array of `{ type, payload }`, or the payload of the only message. It has ids and numbers but
   * never an identifier, because messages leave the service.
   */
  @Column({ name: 'payload', type: 'mediumtext' })
  payload!: string;

  @Column({ name: 'created_at', type: 'datetime', precision: 3 })
  createdAt!: Date;
}
