import type { TransactionRunner } from '../../platform/database/index.js';
import { KeyAdministration, type MadeKey, type WantedKey } from './key-administration.js';
import { goodUntil, keyTable } from './key-table.js';
import type { KeysCommand } from './keys-arguments.js';

/** The output of a command. */
export interface Said {
  /** For programs, on standard output. */
  readonly answer: string;
  /** For people, on standard error. */
  readonly note?: string;
}

/**
 * Runs one command.
 *
 * @throws {KeyNotFoundError}
 * @throws {OrganiserNameError}
 */
export async function runKeys(
  command: Exclude<KeysCommand, { verb: 'adopt' }>,
  transactions: TransactionRunner,
  now: Date,
): Promise<Said> {
  const keys = new KeyAdministration(transactions);
  switch (command.verb) {
    case 'create': {
      const made = await keys.create(command.key, now);
      return { answer: made.token, note: factsOf(made, command.key) };
    }
    case 'list':
      return { answer: keyTable(await keys.list(), now) };
    case 'revoke':
      await keys.revoke(command.id, now);
      return { answer: `Key ${command.id} revoked.` };
  }
}

const factsOf = ({ id, isOrganiserNew }: MadeKey, wanted: WantedKey): string =>
  `Key        ${id} (${wanted.name})
Organiser  ${wanted.organiserName} (${isOrganiserNew ? 'new' : 'existing'})
Scopes     ${wanted.scopes.join(', ')}
Expires    ${wanted.expiresAt === null ? 'never' : `${goodUntil(wanted.expiresAt)} UTC`}
The key is shown only once. Store it like a password.`;
