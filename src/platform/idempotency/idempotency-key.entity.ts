import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { digestColumn } from '../database/index.js';

/** What became of a request that named its attempt, kept for a day. */
@Entity('idempotency_keys')
@Index('ix_idempotency_keys_created', ['createdAt'])
export class IdempotencyKeyEntity {
  /** Digest of the scope (who, which route) and the key. */
  @PrimaryColumn(digestColumn('id'))
  id!: string;

  /** Digest of the body: the same key for something else is a mistake. */
  @Column(digestColumn('fingerprint'))
  fingerprint!: string;

  /** JSON of what the request came to, in the words of the module that serves it. */
  @Column({ name: 'result', type: 'mediumtext' })
  result!: string;

  @Column({ name: 'created_at', type: 'datetime', precision: 3 })
  createdAt!: Date;
}
