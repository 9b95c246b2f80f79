import type { Caller } from '../platform/http/index.js';
import { SCOPES, type Scope } from '../platform/common/index.js';

/** A stored key: everything but its secret. */
export interface StoredKey {
  readonly id: string;
  readonly organiserId: string;
  readonly organiserName: string;
  readonly name: string;
  /** Separated by spaces. */
  readonly scopes: string;
  readonly secretHash: Buffer;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
  /** By the database's clock. */
  readonly readAt: Date;
}

export const isLive = ({ expiresAt, revokedAt }: StoredKey, now: Date): boolean =>
  revokedAt === null && (expiresAt === null || expiresAt > now);

const isScope = (text: string): text is Scope => (SCOPES as readonly string[]).includes(text);

export const callerOfKey = ({ id, organiserId, scopes }: StoredKey): Caller => ({
  organiserId,
  keyId: id,
  name: id,
  scopes: new Set(scopes.split(' ').filter(isScope)),
});
