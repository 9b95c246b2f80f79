import { clientOf } from './client-of.js';

describe('clientOf', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8:1:2::6', '2001:db8:1:2'],
    ['2001:db8::6', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['fe80::', 'fe80:0:0:0'],
    [`1${':'.repeat(9_000)}`, 'unknown'],
    ['x'.repeat(9_000), 'unknown'],
    [undefined, 'unknown'],
  ])('takes %s for %s', (ip, client) => {
    expect(clientOf(ip)).toBe(client);
  });
});
