import { Column, Entity, PrimaryColumn } from 'typeorm';
import { idColumn } from '../platform/database/index.js';

/** An organiser's API key. The secret itself is stored nowhere. */
@Entity('api_keys')
export class ApiKeyEntity {
  @PrimaryColumn({ name: 'id', type: 'char', length: 12, charset: 'ascii', collation: 'ascii_bin' })
  id!: string;

  @Column(idColumn('organiser_id'))
  organiserId!: string;

  /** For people, so that they know which one to revoke. */
  @Column({ name: 'name', type: 'varchar', length: 200 })
  name!: string;

  /** Separated by spaces. */
  @Column({ name: 'scopes', type: 'varchar', length: 255 })
  scopes!: string;

  @Column({ name: 'secret_hash', type: 'binary', length: 32 })
  secretHash!: Buffer;

  @Column({ name: 'created_at', type: 'datetime', precision: 3 })
  createdAt!: Date;

  /** The key is rejected from then on. */
  @Column({ name: 'expires_at', type: 'datetime', precision: 3, nullable: true })
  expiresAt!: Date | null;

  @Column({ name: 'revoked_at', type: 'datetime', precision: 3, nullable: true })
  revokedAt!: Date | null;

  /** To the minute; written some time after. */
  @Column({ name: 'last_used_at', type: 'datetime', precision: 3, nullable: true })
  lastUsedAt!: Date | null;
}
