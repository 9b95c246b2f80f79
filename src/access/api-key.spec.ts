import { hashOf, isSecretOf, newKey, parseToken } from './api-key.js';

describe('an API key', () => {
  it('is parsed into the parts it was made of, a thousand times over', () => {
    const keys = Array.from({ length: 1_000 }, () => newKey());
    for (const { id, token, secretHash } of keys) {
      const shown = parseToken(token)!;
      expect(shown.id).toBe(id);
      expect(isSecretOf(shown.secret, secretHash)).toBe(true);
    }
    expect(new Set(keys.map(({ id }) => id)).size).toBe(1_000);
  });

  it('does not match another secret', () => {
    const [one, other] = [newKey(), newKey()];
    expect(isSecretOf(parseToken(one.token)!.secret, other.secretHash)).toBe(false);
  });

  it('stores its secret only as a hash', () => {
    const { token, secretHash } = newKey();
    const { secret } = parseToken(token)!;
    expect(secretHash).toHaveLength(32);
    expect(secretHash.toString('base64url')).not.toContain(secret);
    expect(hashOf(secret)).toEqual(secretHash);
  });

  it.each(['', 'rlk_', 'rlk_a_b', `rlk_${'a'.repeat(12)}_${'b'.repeat(42)}`, ' ', 'x'.repeat(1e5)])(
    'does not have the form %p',
    (token) => {
      expect(parseToken(token)).toBeUndefined();
    },
  );
});
