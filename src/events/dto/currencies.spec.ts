import { codes, publishDate } from 'currency-codes';
import { CURRENCIES } from './currencies.js';

describe('the currencies of prices', () => {
  it.each(['EUR', 'USD', 'JPY', 'VED', 'VES', 'SLE', 'ZWG', 'XCG', 'MRU'])('include %s', (code) => {
    expect(CURRENCIES.has(code)).toBe(true);
  });

  it.each(['HRK', 'BGN', 'ANG', 'SLL', 'ZWL', 'VEF', 'DEM', 'AAA', 'eur', ''])(
    'lack %s',
    (code) => {
      expect(CURRENCIES.has(code)).toBe(false);
    },
  );

  it('are amended only while the list of the package is older than the amendments', () => {
    expect(publishDate).toBe('2024-06-25');
    expect(codes()).toEqual(expect.arrayContaining(['ANG', 'BGN']));
    expect(codes()).not.toContain('XCG');
  });
});
