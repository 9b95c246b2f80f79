import { KeyAdministration } from '../../src/access/cli/key-administration.js';
import { type Scope, SCOPES } from '../../src/platform/common/index.js';
import { withTransactions } from '../../src/platform/database/index.js';
import { logWatch } from './log-watch.js';

/** Creates an API key, as `npm run keys -- create` does, and returns it. */
export const makeKey = async (
  databaseUrl: string,
  organiserName: string,
  scopes: readonly Scope[] = SCOPES,
  expiresAt: Date | null = null,
): Promise<string> => {
  const key = await withTransactions(databaseUrl, async (transactions) => {
    const wanted = { organiserName, name: 'test', scopes, expiresAt };
    return (await new KeyAdministration(transactions).create(wanted, new Date())).token;
  });
  logWatch.values.addKey(key);
  return key;
};
