import { joinDatabase } from '../../embedded-mysql/index.js';
import { UsageError } from '../../platform/common/index.js';
import { loadDatabaseConfig } from '../../platform/config/index.js';
import { withTransactions } from '../../platform/database/index.js';
import { runAdoption } from './adopt-command.js';
import { runKeys, type Said } from './keys-command.js';
import { parseKeysArguments, USAGE, type KeysCommand } from './keys-arguments.js';

const MISUSED = 2;

/**
 * Entry point of `npm run keys` (scripts/keys.mjs).
 *
 * @returns the exit code
 */
export async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) return say(USAGE);
  const now = new Date();
  try {
    const { answer, note } = await carryOut(parseKeysArguments(args, now), now);
    if (note !== undefined) complain(note);
    return say(answer);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    complain(error.message);
    return MISUSED;
  }
}

async function carryOut(command: KeysCommand, now: Date): Promise<Said> {
  const database = await joinDatabase(loadDatabaseConfig(), complain);
  complain(`Database: ${database.description}`);
  try {
    if (command.verb === 'adopt') return await runAdoption(command, database.url, now);
    return await withTransactions(database.url, (transactions) =>
      runKeys(command, transactions, now),
    );
  } finally {
    await database.close();
  }
}

function say(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

const complain = (text: string): void => void process.stderr.write(`${text}\n`);
