import {
  queryAll,
  type Transaction,
  type TransactionRunner,
  executeAll,
} from '../../platform/database/index.js';
import { uuidV7 } from '../../platform/common/index.js';
import { newKey } from '../api-key.js';
import { KeysRepository } from '../keys.repository.js';
import type { StoredKey } from '../stored-key.js';

export interface WantedKey {
  readonly organiserName: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expiresAt: Date | null;
}

/** A key that was just created. */
export interface MadeKey {
  readonly id: string;
  /** The whole key, including its secret; it is stored nowhere. */
  readonly token: string;
  readonly isOrganiserNew: boolean;
}

export interface NamedOrganiser {
  readonly id: string;
  readonly isNew: boolean;
}

/** The key does not exist or is already revoked. */
export class KeyNotFoundError extends Error {}

/** Another organiser's name differs from this one only in case. */
export class OrganiserNameError extends Error {}

/** Creates, lists and revokes keys. Access to the database is the only permission it needs. */
export class KeyAdministration {
  private readonly keys = new KeysRepository();

  constructor(private readonly transactions: TransactionRunner) {}

  /** @throws {OrganiserNameError} */
  create({ organiserName, scopes, ...wanted }: WantedKey, now: Date): Promise<MadeKey> {
    return this.transactions.run('keys.create', async (tx) => {
      const organiser = await this.organiser(tx, organiserName, now);
      const { id, token, secretHash } = newKey();
      const key = {
        id,
        organiserId: organiser.id,
        secretHash,
        createdAt: now,
        scopes: scopes.join(' '),
      };
      await executeAll(tx, this.keys.insert({ ...key, ...wanted }));
      return { id, token, isOrganiserNew: organiser.isNew };
    });
  }

  list(): Promise<readonly StoredKey[]> {
    return this.transactions.run(
      'keys.list',
      async (tx) => (await queryAll(tx, [this.keys.list()]))[0],
    );
  }

  /** @throws {KeyNotFoundError} */
  revoke(id: string, now: Date): Promise<void> {
    return this.transactions.run('keys.revoke', async (tx) => {
      const [key] = await queryAll(tx, [this.keys.find(id)]);
      if (key === undefined || key.revokedAt !== null) {
        const state = key === undefined ? 'does not exist' : 'is already revoked';
        throw new KeyNotFoundError(`Key ${id} ${state}. npm run keys -- list shows all keys.`);
      }
      await executeAll(tx, [this.keys.revoke(id, now)]);
    });
  }

  /**
   * The organiser, who is created if need be.
   *
   * @throws {OrganiserNameError}
   */
  organiserCalled(name: string, now: Date): Promise<NamedOrganiser> {
    return this.transactions.run('keys.organiser', (tx) => this.organiser(tx, name, now));
  }

  private async organiser(tx: Transaction, name: string, now: Date): Promise<NamedOrganiser> {
    const [known] = await queryAll(tx, [this.keys.organiser(name)]);
    if (known !== undefined && known.name !== name) {
      throw new OrganiserNameError(
        `Organiser "${known.name}" already exists: use that spelling, or a name that differs in more than case.`,
      );
    }
    if (known !== undefined) return { id: known.id, isNew: false };
    const id = uuidV7();
    await executeAll(tx, this.keys.insertOrganiser({ id, name }, now));
    return { id, isNew: true };
  }
}
