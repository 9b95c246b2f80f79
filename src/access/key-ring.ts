import { randomBytes, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { type Caller, ANONYMOUS_CALLER } from '../platform/http/index.js';
import { Clock } from '../platform/common/index.js';
import { CONFIG, type Config } from '../platform/config/index.js';
import { DatabaseReader } from '../platform/database/index.js';
import { hashOf, isSecretOf, looksLikeOurs, readKey } from './api-key.js';
import { KeyUses } from './key-uses.js';
import { KeysRepository } from './keys.repository.js';
import { callerOfKey, isLive, type StoredKey } from './stored-key.js';

/** How long a revoked key may still open an instance that has just asked for it. */
const REMEMBERED_MS = 5_000;
const KEYS_MAX = 10_000;

/** Compared with when there is no key of that name, so that it takes the same time. */
const NOBODYS_HASH = randomBytes(32);

/**
 * Why a token opens nothing: it is no key, nobody has such a key (or its secret is another), or it was good
 * once, and is expired or revoked.
 */
export type KeyRejection = 'malformed' | 'unknown' | 'ended';

/** What a request shows, with the secret as it is stored. */
export interface ShownHash {
  readonly id: string;
  readonly hash: Buffer;
}

/** What a token is by its looks. */
export type ParsedToken = ShownHash | 'admin' | 'malformed';

interface CachedKey {
  readonly key: StoredKey;
  readonly caller: Caller;
}

/** Knows who a key belongs to. */
@Injectable()
export class KeyRing {
  /** Promises, so that all who come at once with a key share one read. */
  private readonly keys = new LRUCache<string, Promise<CachedKey | undefined>>({
    max: KEYS_MAX,
    ttl: REMEMBERED_MS,
  });
  /** Hashes of keys that were right when they came last. */
  private readonly familiar = new LRUCache<string, Buffer>({ max: KEYS_MAX });
  private readonly adminHash: Buffer | undefined;
  /** Whether the admin's key looks like one of ours; else what does need not be held against it. */
  private readonly isAdminLikeOurs: boolean;

  constructor(
    @Inject(CONFIG) { ADMIN_API_KEY }: Pick<Config, 'ADMIN_API_KEY'>,
    private readonly reads: DatabaseReader,
    private readonly repository: KeysRepository,
    private readonly uses: KeyUses,
    private readonly clock: Clock,
  ) {
    this.adminHash = ADMIN_API_KEY === undefined ? undefined : hashOf(ADMIN_API_KEY);
    this.isAdminLikeOurs = ADMIN_API_KEY !== undefined && looksLikeOurs(ADMIN_API_KEY);
  }

  /** Reads nothing, and hashes once: that is on the way of every request. */
  look(token: string): ParsedToken {
    if (this.isAdmin(token)) return 'admin';
    const shown = readKey(token);
    return shown === undefined ? 'malformed' : { id: shown.id, hash: hashOf(shown.secret) };
  }

  /** @returns whom it belongs to, or why it opens nothing */
  async callerWith(shown: ParsedToken): Promise<Caller | KeyRejection> {
    if (shown === 'admin') return ANONYMOUS_CALLER;
    if (shown === 'malformed') return shown;
    const known = await this.find(shown.id);
    const isRight = timingSafeEqual(shown.hash, known?.key.secretHash ?? NOBODYS_HASH);
    if (known === undefined) this.familiar.delete(shown.id);
    if (!isRight || known === undefined) return 'unknown';
    if (!isLive(known.key, this.clock.now())) {
      this.familiar.delete(shown.id);
      return 'ended';
    }
    this.familiar.set(shown.id, known.key.secretHash);
    this.uses.record(shown.id);
    return known.caller;
  }

  /** Whether it was right before, as far as is remembered; nothing is read for that. */
  isFamiliar(shown: ParsedToken): boolean {
    if (typeof shown === 'string') return false;
    const secretHash = this.familiar.get(shown.id);
    return secretHash !== undefined && timingSafeEqual(shown.hash, secretHash);
  }

  private isAdmin(token: string): boolean {
    if (this.adminHash === undefined) return false;
    // How a token begins is no secret; what it is compared with, in constant time, is.
    if (looksLikeOurs(token) && !this.isAdminLikeOurs) return false;
    return isSecretOf(token, this.adminHash);
  }

  private find(id: string): Promise<CachedKey | undefined> {
    const remembered = this.keys.get(id);
    if (remembered !== undefined) return remembered;
    const read = this.read(id);
    this.keys.set(id, read);
    // A read that failed says nothing about the key.
    read.catch(() => this.keys.delete(id));
    return read;
  }

  private async read(id: string): Promise<CachedKey | undefined> {
    const key = await this.reads.run(this.repository.find(id));
    return key && { key, caller: callerOfKey(key) };
  }
}
