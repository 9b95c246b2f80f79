import { Injectable } from '@nestjs/common';
import {
  type Change,
  insertRows,
  type Query,
  defineQuery,
  READ_AT,
} from '../platform/database/index.js';
import type { StoredKey } from './stored-key.js';

const SELECT_KEYS = `
  SELECT api_key.id, api_key.organiser_id AS organiserId, organiser.name AS organiserName,
         api_key.name, api_key.scopes, api_key.secret_hash AS secretHash,
         api_key.created_at AS createdAt, api_key.expires_at AS expiresAt,
         api_key.revoked_at AS revokedAt, api_key.last_used_at AS lastUsedAt, ${READ_AT}
    FROM api_keys api_key JOIN organisers organiser ON organiser.id = api_key.organiser_id`;

export interface Organiser {
  readonly id: string;
  readonly name: string;
}

/** API keys and their organisers. */
@Injectable()
export class KeysRepository {
  find(id: string): Query<StoredKey | undefined> {
    return defineQuery(
      `${SELECT_KEYS} WHERE api_key.id = ?`,
      [id],
      (rows: readonly StoredKey[]) => rows[0],
    );
  }

  /** All keys, grouped by organiser. */
  list(): Query<readonly StoredKey[]> {
    return defineQuery(
      `${SELECT_KEYS} ORDER BY organiser.name, api_key.created_at, api_key.id`,
      [],
      (rows: readonly StoredKey[]) => rows,
    );
  }

  /** The organiser of this name; an exact match takes precedence over one that differs in case. */
  organiser(name: string): Query<Organiser | undefined> {
    return defineQuery(
      'SELECT id, name FROM organisers WHERE LOWER(name) = LOWER(?) ORDER BY name = ? DESC LIMIT 1',
      [name, name],
      (rows: readonly Organiser[]) => rows[0],
    );
  }

  insertOrganiser({ id, name }: Organiser, now: Date): Change[] {
    return insertRows('organisers', ['id', 'name', 'created_at'], [[id, name, now]]);
  }

  insert(key: Omit<StoredKey, 'organiserName' | 'revokedAt' | 'lastUsedAt' | 'readAt'>): Change[] {
    const { id, organiserId, name, scopes, secretHash, createdAt, expiresAt } = key;
    const columns = ['id', 'organiser_id', 'name', 'scopes', 'secret_hash', 'created_at'];
    return insertRows(
      'api_keys',
      [...columns, 'expires_at'],
      [[id, organiserId, name, scopes, secretHash, createdAt, expiresAt]],
    );
  }

  /** Keys deleted in the meantime are skipped. */
  updateLastUse(ids: readonly string[]): Change {
    return {
      sql: 'UPDATE api_keys SET last_used_at = UTC_TIMESTAMP(3) WHERE id IN (?)',
      parameters: [ids],
      rows: ids.length,
      isExact: false,
    };
  }

  /** The key must exist and not be revoked yet. */
  revoke(id: string, now: Date): Change {
    return {
      sql: 'UPDATE api_keys SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL',
      parameters: [now, id],
      rows: 1,
      isExact: true,
    };
  }
}
