import {
  otherConnections,
  queryAll,
  type TransactionRunner,
  PATIENT_LIMITS,
  withTransactions,
} from '../../platform/database/index.js';
import { KeysRepository } from '../keys.repository.js';
import { Adoption, type Unowned } from './adoption.js';
import { KeyAdministration } from './key-administration.js';
import type { KeysCommand } from './keys-arguments.js';
import type { Said } from './keys-command.js';

type AdoptCommand = Extract<KeysCommand, { verb: 'adopt' }>;

/** An event cannot change its organiser while instances run, because they remember it for some seconds. */
export class DatabaseInUseError extends Error {}

const BLIND =
  'This database user lacks the privilege PROCESS and sees only its own connections: make sure that no ' +
  'instance runs. ';

/**
 * Gives what belongs to no organiser to one, or says what that would be.
 *
 * @throws {DatabaseInUseError}
 * @throws {OrganiserNameError}
 */
export async function runAdoption(
  command: AdoptCommand,
  databaseUrl: string,
  now: Date,
): Promise<Said> {
  const { users, areAllSeen } = await otherConnections(databaseUrl);
  if (command.isConfirmed && users.length > 0) {
    throw new DatabaseInUseError(
      `Other programs use this database (${users.join(', ')}). Stop all instances first.`,
    );
  }
  return withTransactions(
    databaseUrl,
    async (transactions) => {
      if (command.isConfirmed) return { answer: await adopt(command, transactions, now) };
      const running = users.length > 0 ? `Stop all instances first (${users.join(', ')}). ` : '';
      const note = `${areAllSeen ? '' : BLIND}Nothing was changed. ${running}Add --yes to confirm.`;
      return { answer: await plan(command, transactions), note };
    },
    PATIENT_LIMITS,
  );
}

async function plan(
  { organiserName }: AdoptCommand,
  transactions: TransactionRunner,
): Promise<string> {
  const [known] = await transactions.run('keys.organiser', (tx) =>
    queryAll(tx, [new KeysRepository().organiser(organiserName)]),
  );
  const unowned = await new Adoption(transactions).count(known?.id ?? '');
  return `To be given to ${nameFor(organiserName, known === undefined)}: ${wordsFor(unowned)}`;
}

async function adopt(
  { organiserName }: AdoptCommand,
  transactions: TransactionRunner,
  now: Date,
): Promise<string> {
  const keys = new KeyAdministration(transactions);
  const { id, isNew } = await keys.organiserCalled(organiserName, now);
  const adoption = new Adoption(transactions);
  const unowned = await adoption.count(id);
  await adoption.adopt(id);
  return `Given to ${nameFor(organiserName, isNew)}: ${wordsFor(unowned)}`;
}

const nameFor = (name: string, isNew: boolean): string => (isNew ? `${name} (new)` : name);

const wordsFor = ({ events, customers, shared }: Unowned): string =>
  `events: ${events}, customers: ${customers} (already known to the organiser: ${shared})`;
