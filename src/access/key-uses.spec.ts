import type { PinoLogger } from 'nestjs-pino';
import type { TransactionRunner } from '../platform/database/index.js';
import { PeriodicWorkers } from '../platform/workers/index.js';
import { KeyUses } from './key-uses.js';
import { KeysRepository } from './keys.repository.js';

describe('KeyUses', () => {
  let isAway: boolean;
  let written: (readonly string[])[];
  let uses: KeyUses;
  let workers: PeriodicWorkers;

  beforeEach(() => {
    isAway = false;
    written = [];
    const repository = new KeysRepository();
    jest.spyOn(repository, 'updateLastUse').mockImplementation((ids) => {
      written.push(ids);
      return { sql: '', parameters: [], rows: ids.length, isExact: false };
    });
    const run = (_: string, work: (tx: object) => unknown): Promise<unknown> => {
      if (isAway) return Promise.reject(new Error('away'));
      return Promise.resolve(work({ send: () => Promise.resolve([{ affectedRows: 1 }]) }));
    };
    const log = { warn: jest.fn() } as unknown as PinoLogger;
    const runner = { run } as unknown as TransactionRunner;
    workers = new PeriodicWorkers(log);
    uses = new KeyUses(repository, runner, workers);
  });

  it('writes each use once', async () => {
    uses.record('a');
    uses.record('a');
    await uses.write();
    await uses.write();
    expect(written).toEqual([['a']]);
  });

  it('writes uses later that it could not write', async () => {
    uses.record('a');
    isAway = true;
    await expect(uses.write()).rejects.toThrow('away');
    uses.record('b');
    isAway = false;
    await uses.write();
    expect(written.map((ids) => ids.toSorted())).toEqual([['a', 'b']]);
  });

  it('writes what is left when the service stops', async () => {
    uses.record('a');
    await workers.onModuleDestroy();
    expect(written).toEqual([['a']]);
  });

  it('keeps at most ten thousand unwritten uses', async () => {
    for (let key = 0; key < 10_001; key += 1) uses.record(String(key));
    isAway = true;
    await expect(uses.write()).rejects.toThrow('away');
    isAway = false;
    await uses.write();
    expect(written.at(-1)).toHaveLength(10_000);
  });
});
