import { DomainError } from '../../platform/errors/index.js';
import { answering, range, served, submitAll } from '../../../test/unit/support/test-lanes.js';

// Makes a command that is never answered fail fast.
jest.setTimeout(5_000);

describe('a lane whose batch fails', () => {
  const poison = new Error('CONSTRAINT');

  it.each([0, 1, 100, 127, 128, 255])(
    'isolates command %i of 256 in few runs: only it gets the error',
    async (guilty) => {
      const { lanes, runs } = answering((names) => {
        if (names.includes(guilty)) throw poison;
        return names.map(served);
      });
      const ends = await submitAll(lanes, range(256));
      for (const [name, end] of ends.entries()) {
        if (name === guilty) expect(end).toEqual({ status: 'rejected', reason: poison });
        else expect(end).toEqual({ status: 'fulfilled', value: served(name) });
      }
      // The whole batch, and two halves on each of the eight levels below it.
      expect(runs).toHaveLength(1 + 2 * Math.log2(256));
      const done = runs.filter((names) => !names.includes(guilty)).flat();
      expect(done).toEqual(range(256).filter((name) => name !== guilty));
    },
  );

  it('isolates two failing commands of one batch', async () => {
    const { lanes } = answering((names) => {
      const guilty = names.find((name) => name % 100 === 7);
      if (guilty !== undefined) throw new Error(`CONSTRAINT ${guilty}`);
      return names.map(served);
    });
    const ends = await submitAll(lanes, range(200));
    const failed = ends.flatMap((end, name) =>
      end.status === 'rejected' ? [[name, String(end.reason)]] : [],
    );
    expect(failed.map(([name]) => name)).toEqual([7, 107]);
  });

  it('rejects all commands of a batch that ends in a DomainError, without a second run', async () => {
    const later = new DomainError('lock_timeout');
    const { lanes, runs } = answering(() => Promise.reject(later));
    const ends = await submitAll(lanes, range(10));
    expect(ends).toEqual(range(10).map(() => ({ status: 'rejected', reason: later })));
    expect(runs).toEqual([range(10)]);
  });

  it.each([
    ['too few', 9],
    ['no', 0],
    ['too many', 11],
  ])(
    'rejects all commands if a run returns %s outcomes, and does not run it again',
    async (_, count) => {
      // The batch is committed, but the outcomes cannot be matched to commands.
      const { lanes, runs } = answering(() => range(count).map(served));
      const mismatch = expect.objectContaining({ message: expect.stringMatching(/outcomes/) });
      const ends = await submitAll(lanes, range(10));
      for (const end of ends) {
        expect(end).toMatchObject({ status: 'rejected', reason: mismatch });
      }
      expect(runs).toEqual([range(10)]);
    },
  );
});
