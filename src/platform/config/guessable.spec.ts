import { randomBytes } from 'node:crypto';
import { isGuessable } from './guessable.js';

describe('isGuessable', () => {
  it.each([
    'a'.repeat(32),
    'a'.repeat(500),
    'ab'.repeat(16),
    'abcdefgh'.repeat(4),
    'password'.repeat(4),
    'changeme-changeme-changeme-changeme',
    'correct-horse-1!correct-horse-1!',
    'abcdefghijklmnopqrstuvwxyzabcdef',
    '0123456789abcdefghijklmnopqrstuv',
    '01234567890123456789012345678901',
    `${'a'.repeat(31)}b`,
    `${'0'.repeat(28)}7f3a`,
  ])('finds %s guessable', (key) => {
    expect(isGuessable(key)).toBe(true);
  });

  it.each(['hex', 'base64', 'base64url'] as const)('accepts random text in %s', (encoding) => {
    const keys = Array.from({ length: 1_000 }, () =>
      randomBytes(24).toString(encoding).slice(0, 32),
    );
    expect(keys.filter(isGuessable)).toEqual([]);
  });
});
