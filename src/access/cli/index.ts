import { joinDatabase, loadDatabaseConfig, withTransactions } from '../../platform/index.js';
import { runKeys, USAGE, UsageError } from './keys-command.js';

/**
 * What `npm run keys` does (scripts/keys.mjs).
 *
 * @returns the exit code
 */
export async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) return say(USAGE);
  const database = await joinDatabase(loadDatabaseConfig(), (line) => complain(line));
  complain(`Working on the database ${database.description}`);
  try {
    const now = new Date();
    const { answer, note } = await withTransactions(database.url, (transactions) =>
      runKeys(args, transactions, now),
    );
    if (note !== undefined) complain(note);
    return say(answer);
  } catch (error) {
    if (error instanceof UsageError) return complain(error.message);
    throw error;
  } finally {
    await database.close();
  }
}

function say(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

function complain(text: string): number {
  process.stderr.write(`${text}\n`);
  return 1;
}
