import { hashOf, isSecretOf, newKey, readKey } from './api-key.js';

describe('an API key', () => {
  it('is read as it was made, a thousand times over', () => {
    const keys = Array.from({ length: 1_000 }, () => newKey());
    for (const { id, token, secretHash } of keys) {
      const shown = readKey(token)!;
      expect(shown.id).toBe(id);
      expect(isSecretOf(shown.secret, secretHash)).toBe(true);
    }
    expect(new Set(keys.map(({ id }) => id)).size).toBe(1_000);
  });

  it('opens nothing with another secret', () => {
    const [one, other] = [newKey(), newKey()];
    expect(isSecretOf(readKey(one.token)!.secret, other.secretHash)).toBe(false);
  });

  it('does not show its secret in what is stored', () => {
    const { token, secretHash } = newKey();
    const { secret } = readKey(token)!;
    expect(secretHash).toHaveLength(32);
    expect(secretHash.toString('base64url')).not.toContain(secret);
    expect(hashOf(secret)).toEqual(secretHash);
  });

  it.each(['', 'rlk_', 'rlk_a_b', `rlk_${'a'.repeat(12)}_${'b'.repeat(42)}`, ' ', 'x'.repeat(1e5)])(
    'is not %p',
    (token) => {
      expect(readKey(token)).toBeUndefined();
    },
  );
});
