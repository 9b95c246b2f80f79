import { Column, Entity, PrimaryColumn } from 'typeorm';
import { countColumn, idColumn } from '../platform/index.js';

export type EventStatus = 'DRAFT' | 'PUBLISHED' | 'CANCELLED';

/** What people come to. Its places are in its sections; the booking path never locks this row. */
@Entity('events')
export class EventEntity {
  @PrimaryColumn(idColumn('id'))
  id!: string;

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
}
