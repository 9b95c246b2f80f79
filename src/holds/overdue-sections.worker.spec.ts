import type { PinoLogger } from 'nestjs-pino';
import type { DatabaseReader } from '../platform/database/index.js';
import { PeriodicWorkers } from '../platform/workers/index.js';
import type { AllocationService } from '../allocation/index.js';
import { OverdueSectionsWorker } from './overdue-sections.worker.js';

/** Longer than any pause between two sweeps. */
const PAUSE_MS_MAX = 1_300;

describe('OverdueSectionsWorker', () => {
  const query = jest.fn<Promise<object[]>, [string, unknown[]]>();
  const submit = jest.fn<Promise<unknown>, [object]>();
  const swept = (expired: number, hasMore = false) => {
    return { outcome: { kind: 'swept', expired, hasMore } };
  };
  const warn = jest.fn<void, [object, string]>();
  let sweeper: OverdueSectionsWorker;
  let workers: PeriodicWorkers;

  beforeEach(() => {
    jest.useFakeTimers();
    query.mockReset().mockResolvedValue([]);
    submit.mockReset().mockResolvedValue(swept(2));
    warn.mockReset();
    workers = new PeriodicWorkers({ warn } as unknown as PinoLogger);
    sweeper = new OverdueSectionsWorker(
      { query } as unknown as DatabaseReader,
      { submit } as unknown as AllocationService,
      workers,
    );
  });
  afterEach(() => workers.onModuleDestroy());
  afterEach(() => jest.useRealTimers());

  it('runs as a background worker about once a second', async () => {
    workers.onApplicationBootstrap();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(query.mock.calls.length).toBeGreaterThan(45);
    expect(query).toHaveBeenCalledWith(expect.stringContaining('UTC_TIMESTAMP(3)'), [
      expect.any(Number),
    ]);
  });

  it('sweeps each section with an overdue hold, and counts the holds', async () => {
    query.mockResolvedValue([{ id: 'stalls' }, { id: 'balcony' }]);
    expect(await sweeper.sweep()).toBe(4);
    expect(submit.mock.calls).toEqual([
      [{ kind: 'sweep', sectionId: 'stalls' }],
      [{ kind: 'sweep', sectionId: 'balcony' }],
    ]);
  });

  it('sweeps again at once, also other sections, until no overdue hold is left', async () => {
    query.mockResolvedValueOnce([{ id: 'stalls' }, { id: 'box' }]);
    query.mockResolvedValueOnce([{ id: 'stalls' }, { id: 'balcony' }]);
    submit.mockResolvedValueOnce(swept(1_000, true));
    expect(await sweeper.sweep()).toBe(1_006);
    expect(submit.mock.calls.map(([command]) => command)).toEqual(
      ['stalls', 'box', 'stalls', 'balcony'].map((sectionId) => ({ kind: 'sweep', sectionId })),
    );
  });

  it('leaves the rest to other instances when it is stopped', async () => {
    query.mockResolvedValue([{ id: 'stalls' }]);
    const end = new AbortController();
    submit.mockImplementationOnce(() => {
      end.abort();
      return Promise.resolve(swept(1_000, true));
    });
    expect(await sweeper.sweep({ signal: end.signal })).toBe(1_000);
    expect(submit).toHaveBeenCalledTimes(1);
  });

  const sweptSections = (): string[] =>
    submit.mock.calls.map(([command]) => (command as { sectionId: string }).sectionId);

  it('does not wait for a slow section, and reports its failure afterwards', async () => {
    query.mockResolvedValue([{ id: 'locked' }, { id: 'box' }]);
    let reject: (error: Error) => void = () => undefined;
    submit.mockImplementationOnce(() => new Promise((_, end) => (reject = end)));
    const first = sweeper.sweep();
    await jest.advanceTimersByTimeAsync(2_000);
    expect(await first).toBe(2);
    expect(await sweeper.sweep()).toBe(2);
    expect(sweptSections()).toEqual(['locked', 'box', 'box']);
    reject(new Error('lock_timeout'));
    await jest.advanceTimersByTimeAsync(0);
    const fail = jest.fn<void, [unknown]>();
    expect(await sweeper.sweep({ fail })).toBe(4);
    expect(fail.mock.calls).toEqual([[expect.objectContaining({ message: 'lock_timeout' })]]);
    expect(sweptSections().slice(3)).toEqual(['locked', 'box']);
  });

  it('has no more sweeps in progress than one round starts', async () => {
    query.mockImplementation((_, [limit]) => {
      return Promise.resolve(
        Array.from({ length: limit as number }, (__, id) => ({ id: `${id}` })),
      );
    });
    submit.mockImplementation(() => new Promise(() => undefined));
    for (let round = 0; round < 3; round += 1) {
      const sweep = sweeper.sweep();
      await jest.advanceTimersByTimeAsync(2_000);
      expect(await sweep).toBe(0);
    }
    expect(submit).toHaveBeenCalledTimes(200);
  });

  it('sweeps the other sections if one fails, and logs one line', async () => {
    query.mockResolvedValue(['stalls', 'balcony', 'box'].map((id) => ({ id })));
    submit.mockRejectedValueOnce(new Error('locked')).mockRejectedValueOnce(new Error('too'));
    workers.onApplicationBootstrap();
    await jest.advanceTimersByTimeAsync(PAUSE_MS_MAX);
    expect(submit).toHaveBeenCalledTimes(3);
    expect(warn.mock.calls).toEqual([
      [{ error: expect.objectContaining({ message: 'locked' }) }, expect.any(String)],
    ]);
  });
});
