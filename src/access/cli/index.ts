import { readFileSync } from 'node:fs';
import { joinDatabase } from '../../embedded-mysql/index.js';
import { Clock, UsageError } from '../../platform/common/index.js';
import { loadDatabaseConfig } from '../../platform/config/index.js';
import { queryAll, readMoment, withTransactions } from '../../platform/database/index.js';
import { runAdoption } from './adopt-command.js';
import { runKeys, type Said } from './keys-command.js';
import { type KeysCommand, parseKeysArguments, USAGE } from './keys-arguments.js';

const MISUSED = 2;

/**
 * Entry point of `npm run keys` (scripts/keys.mjs).
 *
 * @returns the exit code
 */
export async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) return say(USAGE);
  try {
    const parse = (now: Date): KeysCommand => parseKeysArguments(args, now, standardInput);
    // Before a database is opened, for mistakes.
    parse(new Date());
    const { answer, note } = await carryOut(parse);
    if (note !== undefined) complain(note);
    return say(answer);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    complain(error.message);
    return MISUSED;
  }
}

/** A number of days counts from now by the database's clock, which will end the key. */
async function carryOut(parse: (now: Date) => KeysCommand): Promise<Said> {
  const database = await joinDatabase(loadDatabaseConfig(), complain);
  complain(`Database: ${database.description}`);
  try {
    const command = parse(new Date());
    if (command.verb === 'adopt') return await runAdoption(command, database.url, new Date());
    return await withTransactions(database.url, async (transactions) => {
      const [{ now }] = await transactions.run('keys.time', (tx) =>
        queryAll(tx, [readMoment(new Clock())]),
      );
      // The same arguments again: days count from the database's time.
      return runKeys(parse(now) as typeof command, transactions, now);
    });
  } finally {
    await database.close();
  }
}

let input: string | undefined;

/** Can be read only once. */
const standardInput = (): string => (input ??= readFileSync(0, 'utf8'));

function say(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

const complain = (text: string): void => void process.stderr.write(`${text}\n`);
