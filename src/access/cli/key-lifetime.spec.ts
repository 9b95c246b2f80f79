import { DayError, expiryOf } from './key-lifetime.js';

const NOW = new Date('2026-11-21T10:00:00Z');

describe('expiryOf', () => {
  it.each([
    ['30d', '2026-12-21T10:00:00.000Z'],
    ['2026-12-31', '2027-01-01T00:00:00.000Z'],
    ['2026-11-21', '2026-11-22T00:00:00.000Z'],
    ['2028-02-29', '2028-03-01T00:00:00.000Z'],
  ])('lets a key given %s expire at %s', (text, at) => {
    expect(expiryOf(text, NOW).toISOString()).toBe(at);
  });

  it.each([
    '0d',
    '2026-11-20',
    '2026-02-30',
    '4000d',
    '99999d',
    'tomorrow',
    '',
    '2026-13-01',
    '-5d',
  ])('rejects %p', (text) => {
    expect(() => expiryOf(text, NOW)).toThrow(DayError);
  });
});
