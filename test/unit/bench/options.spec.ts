import { readOptions } from '../../../bench/options.js';
import { UsageError } from '../../../src/platform/common/index.js';

describe('command line of the benchmark', () => {
  it.each([
    [['--sconds', '2'], 'unknown option --sconds'],
    [['-x'], 'unknown option -x'],
    [['hot'], 'unexpected argument "hot"'],
    [['--only', 'hot,cold'], '--only: unknown scenario "cold"'],
    [['--rounds', '0'], '--rounds: "0" is not a number above 0'],
    [['--only'], "Option '--only <value>' argument missing"],
  ])('refuses %j', (args, message) => {
    expect(() => readOptions(args)).toThrow(UsageError);
    expect(() => readOptions(args)).toThrow(message);
  });

  it('lets other options override the quick profile', () => {
    const given = ['--quick', '--rounds', '2', '--connections', '1,128', '--people', '500'];
    const { profile } = readOptions(given);
    expect(profile).toMatchObject({
      crowds: [500],
      name: 'quick',
      seconds: 0.8,
      rounds: 2,
      connections: [1, 128],
    });
  });
});
