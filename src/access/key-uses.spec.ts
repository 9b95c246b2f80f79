import type { PinoLogger } from 'nestjs-pino';
import { Clock } from '../platform/common/index.js';
import type { TransactionRunner } from '../platform/database/index.js';
import { WorkerRuns } from '../platform/observability/index.js';
import { KeyUses } from './key-uses.js';
import { KeysRepository } from './keys.repository.js';

describe('KeyUses', () => {
  let isAway: boolean;
  let written: (readonly string[])[];
  let uses: KeyUses;

  beforeEach(() => {
    isAway = false;
    written = [];
    const repository = new KeysRepository();
    jest.spyOn(repository, 'noteUse').mockImplementation((ids) => {
      written.push(ids);
      return { sql: '', parameters: [], rows: ids.length, isExact: false };
    });
    const run = (_: string, work: (tx: object) => unknown): Promise<unknown> => {
      if (isAway) return Promise.reject(new Error('away'));
      return Promise.resolve(work({ send: () => Promise.resolve([{ affectedRows: 1 }]) }));
    };
    const log = { warn: jest.fn() } as unknown as PinoLogger;
    const runner = { run } as unknown as TransactionRunner;
    uses = new KeyUses(repository, runner, new Clock(), log, new WorkerRuns());
  });

  it('writes down what was used, once', async () => {
    uses.note('a');
    uses.note('a');
    await uses.onModuleDestroy();
    await uses.onModuleDestroy();
    expect(written).toEqual([['a']]);
  });

  it('writes down later what it could not', async () => {
    uses.note('a');
    isAway = true;
    await uses.onModuleDestroy();
    uses.note('b');
    isAway = false;
    await uses.onModuleDestroy();
    expect(written.map((ids) => ids.toSorted())).toEqual([['a', 'b']]);
  });

  it('keeps ten thousand of them at the most', async () => {
    for (let key = 0; key < 10_001; key += 1) uses.note(String(key));
    isAway = true;
    await uses.onModuleDestroy();
    isAway = false;
    await uses.onModuleDestroy();
    expect(written.at(-1)).toHaveLength(10_000);
  });
});
