import { DataSource } from 'typeorm';
import { dataSourceOptions, joinDatabase, loadConfig } from '../../platform/index.js';
import { runKeys, USAGE, UsageError } from './keys-command.js';

/**
 * What `npm run keys` does (scripts/keys.mjs).
 *
 * @returns the exit code
 */
export async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) return say(USAGE);
  const database = await joinDatabase(loadConfig(), (line) => complain(line));
  const dataSource = new DataSource(dataSourceOptions(database.url, 2));
  try {
    await dataSource.initialize();
    return say(await runKeys(args, dataSource, new Date()));
  } catch (error) {
    if (error instanceof UsageError) return complain(error.message);
    throw error;
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
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
