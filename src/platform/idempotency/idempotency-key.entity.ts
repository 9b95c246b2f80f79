import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { digestColumn } from '../database/index.js';

/** The result of a request with an idempotency key, kept for a day. */
@Entity('idempotency_keys')
@Index('ix_idempotency_keys_created', ['createdAt'])
export class IdempotencyKeyEntity {
  /** Digest of the organiser, the route and the key. */
  @PrimaryColumn(digestColumn('id'))
  id!: string;

  /** Digest of the URL and body: the same key with another request is an error. */
  @Column(digestColumn('fingerprint'))
  fingerprint!: string;

  /** The result as JSON, in a form that belongs to the module that stores it. */
  @Column({ name: 'result', type: 'mediumtext' })
  result!: string;

  @Column({ name: 'created_at', type: 'datetime', precision: 3 })
  createdAt!: Date;
}
