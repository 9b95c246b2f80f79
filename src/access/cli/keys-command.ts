import type { TransactionRunner } from '../../platform/database/index.js';
import { KeyAdministration, type MadeKey, type WantedKey } from './key-administration.js';
import { goodUntil, keyTable } from './key-table.js';
import type { KeysCommand } from './keys-arguments.js';

/** What a command has to say. */
export interface Said {
  /** For programs: what was asked for. */
  readonly answer: string;
  /** For people, beside it. */
  readonly note?: string;
}

/**
 * Carries out what was asked for.
 *
 * @throws {KeyNotFoundError}
 * @throws {OrganiserNameError}
 */
export async function runKeys(
  wish: KeysCommand,
  transactions: TransactionRunner,
  now: Date,
): Promise<Said> {
  const keys = new KeyAdministration(transactions);
  switch (wish.verb) {
    case 'create': {
      const made = await keys.create(wish.key, now);
      return { answer: made.token, note: factsOf(made, wish.key) };
    }
    case 'list':
      return { answer: keyTable(await keys.list(), now) };
    case 'revoke':
      await keys.revoke(wish.id, now);
      return { answer: `The key ${wish.id} is revoked.` };
  }
}

const factsOf = ({ id, isOrganiserNew }: MadeKey, wanted: WantedKey): string =>
  `Key        ${id} (${wanted.name})
Organiser  ${wanted.organiserName} (${isOrganiserNew ? 'new' : 'known already'})
Scopes     ${wanted.scopes.join(', ')}
Expires    ${wanted.expiresAt === null ? 'never' : `${goodUntil(wanted.expiresAt)} UTC`}
This is the only time that the key is shown: keep it like a password.`;
