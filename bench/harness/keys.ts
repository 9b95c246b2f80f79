import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type * as Administration from '../../src/access/cli/key-administration.js';
import type * as Platform from '../../src/platform/index.js';
import type { Build } from './database.js';

/** Creates an organiser's API key with all scopes. Builds older than API keys return undefined. */
export async function makeKey({ dist }: Build, databaseUrl: string): Promise<string | undefined> {
  const path = join(dist, 'src/access/cli/key-administration.js');
  if (!existsSync(path)) return undefined;
  const { KeyAdministration } = (await import(path)) as typeof Administration;
  const platform = (await import(join(dist, 'src/platform/index.js'))) as typeof Platform;
  return platform.withTransactions(databaseUrl, async (transactions) => {
    const wanted = { organiserName: 'Bench', name: 'bench', expiresAt: null };
    const keys = new KeyAdministration(transactions);
    const made: Administration.MadeKey | string = await keys.create(
      { ...wanted, scopes: platform.SCOPES },
      new Date(),
    );
    // Earlier builds return the token alone.
    return typeof made === 'string' ? made : made.token;
  });
}
