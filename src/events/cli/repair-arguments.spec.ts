import { UsageError } from '../../platform/common/index.js';
import { parseRepairArguments } from './repair-arguments.js';

const ID = '01a1fd45-ff4f-713f-9788-17ea28891609';

describe('parseRepairArguments', () => {
  it('changes nothing unless --yes is given', () => {
    const command = { eventId: ID, isConfirmed: false, raisesCapacity: false };
    expect(parseRepairArguments(['--event', ID])).toEqual(command);
    expect(parseRepairArguments(['--yes', `--event=${ID.toUpperCase()}`])).toEqual({
      ...command,
      isConfirmed: true,
    });
    expect(parseRepairArguments(['--event', ID, '--raise-capacity'])).toEqual({
      ...command,
      raisesCapacity: true,
    });
  });

  it.each([[[]], [['--event']], [['--event', 'opera']], [['--event', ID, '--force']], [[ID]]])(
    'rejects %p',
    (args) => {
      expect(() => parseRepairArguments(args)).toThrow(UsageError);
      expect(() => parseRepairArguments(args)).toThrow('Usage: npm run repair');
    },
  );
});
