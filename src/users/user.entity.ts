import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { DEFAULT_ORGANISER_ID } from '../platform/common/index.js';
import { idColumn } from '../platform/database/index.js';

/** The person behind an identifier. Rows are inserted at the first booking and never change. */
@Entity('users')
@Index('uq_users_identifier', ['organiserId', 'identifier'], { unique: true })
export class UserEntity {
  @PrimaryColumn(idColumn('id'))
  id!: string;

  /** The organiser that knows the person by this identifier. */
  @Column({ ...idColumn('organiser_id'), default: DEFAULT_ORGANISER_ID })
  organiserId!: string;

  /** Normalised (see identifier.ts) and compared byte by byte. */
  @Column({ name: 'identifier', type: 'varchar', length: 255 })
  identifier!: string;

  @Column({ name: 'created_at', type: 'datetime', precision: 3 })
  createdAt!: Date;
}
