import type * as NodeCrypto from 'node:crypto';
import { Clock } from '../platform/common/index.js';
import type { DatabaseReader, Query } from '../platform/database/index.js';
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
    readAt: new Date(),
  };
  const run = ({ statement, read }: Query<unknown>) =>
    Promise.resolve(read((statement?.parameters[0] === own.id ? [stored] : []) as never[]));
  const uses = { record: () => undefined } as unknown as KeyUses;
  const reads = { run } as unknown as DatabaseReader;
  return new KeyRing({ ADMIN_API_KEY: adminKey }, reads, new KeysRepository(), uses, new Clock());
}

describe('KeyRing', () => {
  afterEach(() => jest.restoreAllMocks());

  it.each([
    ['no admin key', undefined],
    ['an admin key of another form', PLAIN],
    ['an admin key of our form', newKey().token],
    ['an admin key with our prefix', `rlk_${PLAIN}`],
  ])('finds the caller of its keys and the admin, with %s', async (_, adminKey) => {
    const ring = ringWith(adminKey);
    const found = await ring.callerWith(ring.parse(own.token));
    expect(found).toMatchObject({ organiserId: 'theatre', keyId: own.id });
    expect(await ring.callerWith(ring.parse(newKey().token))).toBe('unknown');
    expect(await ring.callerWith(ring.parse('open-sesame'))).toBe('malformed');
    if (adminKey !== undefined) expect(ring.parse(adminKey)).toBe('admin');
    if (adminKey !== undefined) expect(ring.parse(`${adminKey}x`)).not.toBe('admin');
  });

  it('hashes once per request, even with an admin key', async () => {
    const ring = ringWith(PLAIN);
    const hashed = jest.spyOn(crypto, 'createHash');
    const shown = ring.parse(own.token);
    expect(ring.wasValid(shown)).toBe(false);
    await ring.callerWith(shown);
    expect(hashed).toHaveBeenCalledTimes(1);
    expect(ring.wasValid(shown)).toBe(true);
    expect(hashed).toHaveBeenCalledTimes(1);
  });
});
