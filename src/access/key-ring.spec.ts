import type * as NodeCrypto from 'node:crypto';
import { Clock } from '../platform/common/index.js';
import type { DatabaseReader } from '../platform/database/index.js';
import { newKey } from './api-key.js';
import { KeyRing } from './key-ring.js';
import type { KeyUses } from './key-uses.js';
import { KeysRepository } from './keys.repository.js';

jest.mock('node:crypto', () => ({ ...jest.requireActual<typeof NodeCrypto>('node:crypto') }));
const crypto = jest.requireMock<typeof NodeCrypto>('node:crypto');

const PLAIN = 'a'.repeat(32);
const own = newKey();

function ringWith(adminKey: string | undefined): KeyRing {
  const stored = {
    id: own.id,
    organiserId: 'theatre',
    scopes: 'bookings:write',
    secretHash: own.secretHash,
    revokedAt: null,
    expiresAt: null,
  };
  const query = (_: string, [id]: unknown[]) => Promise.resolve(id === own.id ? [stored] : []);
  const uses = { record: () => undefined } as unknown as KeyUses;
  const reads = { query } as unknown as DatabaseReader;
  return new KeyRing({ ADMIN_API_KEY: adminKey }, reads, new KeysRepository(), uses, new Clock());
}

describe('KeyRing', () => {
  afterEach(() => jest.restoreAllMocks());

  it.each([
    ['no key of an admin', undefined],
    ['one that is not like ours', PLAIN],
    ['one that is like ours', newKey().token],
    ['one that only begins like ours', `rlk_${PLAIN}`],
  ])('knows its keys and the admin beside %s', async (_, adminKey) => {
    const ring = ringWith(adminKey);
    const found = await ring.callerWith(ring.look(own.token));
    expect(found).toMatchObject({ organiserId: 'theatre', keyId: own.id });
    expect(await ring.callerWith(ring.look(newKey().token))).toBe('unknown');
    expect(await ring.callerWith(ring.look('open-sesame'))).toBe('malformed');
    if (adminKey !== undefined) expect(ring.look(adminKey)).toBe('admin');
    if (adminKey !== undefined) expect(ring.look(`${adminKey}x`)).not.toBe('admin');
  });

  it('hashes once for a request, also where there is a key of an admin', async () => {
    const ring = ringWith(PLAIN);
    const hashed = jest.spyOn(crypto, 'createHash');
    const shown = ring.look(own.token);
    expect(ring.isFamiliar(shown)).toBe(false);
    await ring.callerWith(shown);
    expect(hashed).toHaveBeenCalledTimes(1);
    expect(ring.isFamiliar(shown)).toBe(true);
    expect(hashed).toHaveBeenCalledTimes(1);
  });
});
