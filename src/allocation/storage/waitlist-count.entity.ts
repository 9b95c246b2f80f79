import { Column, Entity, PrimaryColumn } from 'typeorm';
import { idColumn } from '../../platform/database/index.js';

/** The number of WAITING entries of a section among consecutive seqs. */
@Entity('waitlist_counts')
export class WaitlistCountEntity {
  @PrimaryColumn(idColumn('section_id'))
  sectionId!: string;

  /** seq / 1,024, without the fraction. */
  @PrimaryColumn({ name: 'block', type: 'int', unsigned: true })
  block!: number;

  @Column(idColumn('event_id'))
  eventId!: string;

  @Column({ name: 'waiting', type: 'int' })
  waiting!: number;
}
