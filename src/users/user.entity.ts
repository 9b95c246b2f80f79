import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { idColumn } from '../platform/index.js';

/** The person behind an identifier. Rows are made at the first booking and never change. */
@Entity('users')
@Index('uq_users_identifier', ['identifier'], { unique: true })
export class UserEntity {
  @PrimaryColumn(idColumn('id'))
  id!: string;

  /** Normalised (see identifier.ts) and compared byte by byte. */
  @Column({ name: 'identifier', type: 'varchar', length: 255 })
  identifier!: string;

  @Column({ name: 'created_at', type: 'datetime', precision: 3 })
  createdAt!: Date;
}
