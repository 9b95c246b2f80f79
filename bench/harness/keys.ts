import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type * as Administration from '../../src/access/cli/key-administration.js';
import { SCOPES } from '../../src/platform/common/index.js';
import type * as Database from '../../src/platform/database/index.js';
import type { Build } from './database.js';

/** Creates an organiser's API key with all scopes. Builds older than API keys return undefined. */
export async function makeKey(
  { dist }: Build,
  databaseUrl: string,
  organiserName = 'Bench',
): Promise<string | undefined> {
  const path = join(dist, 'src/access/cli/key-administration.js');
  if (!existsSync(path)) return undefined;
  const { KeyAdministration } = (await import(path)) as typeof Administration;
  const database = (await import(databaseModule(dist))) as typeof Database;
  return database.withTransactions(databaseUrl, async (transactions) => {
    const wanted = { organiserName, name: 'bench', expiresAt: null };
    const keys = new KeyAdministration(transactions);
    const made: Administration.MadeKey | string = await keys.create(
      { ...wanted, scopes: SCOPES },
      new Date(),
    );
    // Earlier builds return the token alone.
    return typeof made === 'string' ? made : made.token;
  });
}

/** Builds up to 0.1 have one door for all of the platform. */
function databaseModule(dist: string): string {
  const path = join(dist, 'src/platform/database/index.js');
  return existsSync(path) ? path : join(dist, 'src/platform/index.js');
}
