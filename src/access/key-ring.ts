import { randomBytes, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { ADMIN_CALLER, type Caller } from '../platform/http/index.js';
import { Clock } from '../platform/common/index.js';
import { CONFIG, type Config } from '../platform/config/index.js';
import { DatabaseReader } from '../platform/database/index.js';
import { hashOf, isSecretOf, hasKeyPrefix, parseToken } from './api-key.js';
import { KeyUses } from './key-uses.js';
import { KeysRepository } from './keys.repository.js';
import { callerOfKey, isLive, type StoredKey } from './stored-key.js';

/** An instance accepts a key for at most this long after it was revoked. */
const CACHED_MS = 5_000;
const KEYS_MAX = 10_000;

/** Compared if the id is unknown, so that the response takes the same time. */
const DUMMY_HASH = randomBytes(32);

/** Why a token is rejected: it is not a key, its id or secret is unknown, or it has expired or was revoked. */
export type KeyRejection = 'malformed' | 'unknown' | 'ended';

/** The key in a request: its id, and its secret hashed as it is stored. */
export interface HashedKey {
  readonly id: string;
  readonly hash: Buffer;
}

/** A token, classified without reading the database. */
export type ParsedToken = HashedKey | 'admin' | 'malformed';

interface CachedKey {
  readonly key: StoredKey;
  readonly caller: Caller;
  /** The database's clock when this instance's `performance.now()` was 0. */
  readonly epoch: number;
}

/** Finds the caller that a key belongs to. */
@Injectable()
export class KeyRing {
  /** Promises, so that concurrent requests with the same key share one read. */
  private readonly keys = new LRUCache<string, Promise<CachedKey | undefined>>({
    max: KEYS_MAX,
    ttl: CACHED_MS,
  });
  /** Hashes of keys that were valid when they were last used. */
  private readonly validBefore = new LRUCache<string, Buffer>({ max: KEYS_MAX });
  private readonly adminHash: Buffer | undefined;
  /** Whether ADMIN_API_KEY has the form of our keys; if not, tokens of that form need no comparison. */
  private readonly adminHasKeyForm: boolean;

  constructor(
    @Inject(CONFIG) { ADMIN_API_KEY }: Pick<Config, 'ADMIN_API_KEY'>,
    private readonly reads: DatabaseReader,
    private readonly repository: KeysRepository,
    private readonly uses: KeyUses,
    private readonly clock: Clock,
  ) {
    this.adminHash = ADMIN_API_KEY === undefined ? undefined : hashOf(ADMIN_API_KEY);
    this.adminHasKeyForm = ADMIN_API_KEY !== undefined && hasKeyPrefix(ADMIN_API_KEY);
  }

  /** Reads nothing, and hashes once: every request pays for this. */
  parse(token: string): ParsedToken {
    if (this.isAdmin(token)) return 'admin';
    const shown = parseToken(token);
    return shown === undefined ? 'malformed' : { id: shown.id, hash: hashOf(shown.secret) };
  }

  /** @returns the caller, or why the key is rejected */
  async callerWith(shown: ParsedToken): Promise<Caller | KeyRejection> {
    if (shown === 'admin') return ADMIN_CALLER;
    if (shown === 'malformed') return shown;
    const known = await this.findCached(shown.id);
    const isRight = timingSafeEqual(shown.hash, known?.key.secretHash ?? DUMMY_HASH);
    if (known === undefined) this.validBefore.delete(shown.id);
    if (!isRight || known === undefined) return 'unknown';
    const now = this.clock.now(new Date(known.epoch + performance.now()));
    if (!isLive(known.key, now)) {
      this.validBefore.delete(shown.id);
      return 'ended';
    }
    this.validBefore.set(shown.id, known.key.secretHash);
    this.uses.record(shown.id);
    return known.caller;
  }

  /** Whether a token that is wrong may be a guess at ADMIN_API_KEY. */
  mayBeAdmin(token: string): boolean {
    return this.adminHash !== undefined && (this.adminHasKeyForm || !hasKeyPrefix(token));
  }

  /** Whether the key was valid before, according to the cache alone. */
  wasValid(shown: ParsedToken): boolean {
    if (typeof shown === 'string') return false;
    const secretHash = this.validBefore.get(shown.id);
    return secretHash !== undefined && timingSafeEqual(shown.hash, secretHash);
  }

  private isAdmin(token: string): boolean {
    // The start of a token is not secret, so this check need not take constant time.
    return this.mayBeAdmin(token) && isSecretOf(token, this.adminHash!);
  }

  private findCached(id: string): Promise<CachedKey | undefined> {
    const cached = this.keys.get(id);
    if (cached !== undefined) return cached;
    const read = this.read(id);
    this.keys.set(id, read);
    // A failed read says nothing about the key.
    read.catch(() => this.keys.delete(id));
    return read;
  }

  private async read(id: string): Promise<CachedKey | undefined> {
    const key = await this.reads.run(this.repository.find(id));
    if (key === undefined) return undefined;
    const epoch = key.readAt.getTime() - performance.now();
    return { key, caller: callerOfKey(key), epoch };
  }
}
