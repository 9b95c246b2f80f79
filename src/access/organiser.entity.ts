import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { idColumn } from '../platform/database/index.js';

/** Owns events, people and bookings that no other organiser can see. */
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
