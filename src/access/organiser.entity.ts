import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { idColumn } from '../platform/database/index.js';

/** Whose events, people and bookings belong together; others do not see them. */
@Entity('organisers')
@Index('uq_organisers_name', ['name'], { unique: true })
export class OrganiserEntity {
  @PrimaryColumn(idColumn('id'))
  id!: string;

  @Column({ name: 'name', type: 'varchar', length: 200 })
  name!: string;

  @Column({ name: 'created_at', type: 'datetime', precision: 3 })
  createdAt!: Date;
}
