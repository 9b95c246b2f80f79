import type { PinoLogger } from 'nestjs-pino';
import type { Clock } from '../platform/common/index.js';
import type { DatabaseReader } from '../platform/database/index.js';
import { WorkerRuns } from '../platform/observability/index.js';
import type { AllocationService } from '../allocation/index.js';
import { ExpirySweeper } from './expiry-sweeper.js';

/** More than the longest pause between two sweeps. */
const PAUSE_MS_MAX = 1_300;

describe('ExpirySweeper', () => {
  const now = new Date('2026-01-01T00:00:00Z');
  const query = jest.fn<Promise<object[]>, [string, unknown[]]>();
  const submit = jest.fn<Promise<unknown>, [object]>();
  const swept = (expired: number, hasMore = false) => {
    return { outcome: { kind: 'swept', expired, hasMore } };
  };
  const warn = jest.fn<void, [object, string]>();
  let sweeper: ExpirySweeper;
  let workers: WorkerRuns;

  beforeEach(() => {
    jest.useFakeTimers();
    query.mockReset().mockResolvedValue([]);
    submit.mockReset().mockResolvedValue(swept(2));
    warn.mockReset();
    workers = new WorkerRuns();
    sweeper = new ExpirySweeper(
      { query } as unknown as DatabaseReader,
      { submit } as unknown as AllocationService,
      { now: () => now } satisfies Clock,
      { warn } as unknown as PinoLogger,
      workers,
    );
  });
  afterEach(() => sweeper.stop());
  afterEach(() => jest.useRealTimers());

  it('looks about once a second, and not at once', async () => {
    sweeper.onApplicationBootstrap();
    await jest.advanceTimersByTimeAsync(700);
    expect(query).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(query.mock.calls.length).toBeGreaterThan(45);
    expect(query.mock.calls.length).toBeLessThan(80);
    expect(query).toHaveBeenCalledWith(expect.any(String), [now, expect.any(Number)]);
  });

  it('sweeps each section with an overdue hold, and counts the holds', async () => {
    query.mockResolvedValue([{ id: 'stalls' }, { id: 'balcony' }]);
    expect(await sweeper.sweep()).toBe(4);
    expect(submit.mock.calls).toEqual([
      [{ kind: 'expire', sectionId: 'stalls' }],
      [{ kind: 'expire', sectionId: 'balcony' }],
    ]);
  });

  it('looks again at once, also for others, until nothing is left of what is very much', async () => {
    query.mockResolvedValueOnce([{ id: 'stalls' }, { id: 'box' }]);
    query.mockResolvedValueOnce([{ id: 'stalls' }, { id: 'balcony' }]);
    submit.mockResolvedValueOnce(swept(1_000, true));
    expect(await sweeper.sweep()).toBe(1_006);
    expect(submit.mock.calls.map(([command]) => command)).toEqual(
      ['stalls', 'box', 'stalls', 'balcony'].map((sectionId) => ({ kind: 'expire', sectionId })),
    );
  });

  it('leaves the rest to others when it is stopped', async () => {
    query.mockResolvedValue([{ id: 'stalls' }]);
    submit.mockImplementationOnce(() => {
      void sweeper.stop();
      return Promise.resolve(swept(1_000, true));
    });
    expect(await sweeper.sweep()).toBe(1_000);
    expect(submit).toHaveBeenCalledTimes(1);
  });

  it('sweeps the others if one section cannot be swept, and says so in one line', async () => {
    query.mockResolvedValue(['stalls', 'balcony', 'box'].map((id) => ({ id })));
    submit.mockRejectedValueOnce(new Error('locked')).mockRejectedValueOnce(new Error('too'));
    sweeper.onApplicationBootstrap();
    await jest.advanceTimersByTimeAsync(PAUSE_MS_MAX);
    expect(submit).toHaveBeenCalledTimes(3);
    expect(warn.mock.calls).toEqual([
      [{ error: expect.objectContaining({ message: 'locked' }) }, expect.any(String)],
    ]);
  });

  it('goes on after a sweep that failed', async () => {
    query.mockRejectedValueOnce(new Error('gone'));
    sweeper.onApplicationBootstrap();
    await jest.advanceTimersByTimeAsync(2 * PAUSE_MS_MAX);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(query.mock.calls.length).toBeGreaterThan(1);
  });

  it('begins no sweep while one is running, and waits for that one when it is stopped', async () => {
    let end = (_: object[]): void => undefined;
    query.mockReturnValue(new Promise((resolve) => (end = resolve)));
    sweeper.onApplicationBootstrap();
    await jest.advanceTimersByTimeAsync(10 * PAUSE_MS_MAX);
    let isStopped = false;
    const stopped = sweeper.onModuleDestroy().then(() => (isStopped = true));
    await jest.advanceTimersByTimeAsync(PAUSE_MS_MAX);
    expect(isStopped).toBe(false);
    end([]);
    await stopped;
    await jest.advanceTimersByTimeAsync(10 * PAUSE_MS_MAX);
    expect(query).toHaveBeenCalledTimes(1);
  });

  it('does not begin once it is stopped', async () => {
    sweeper.onApplicationBootstrap();
    await sweeper.stop();
    await jest.advanceTimersByTimeAsync(10 * PAUSE_MS_MAX);
    expect(query).not.toHaveBeenCalled();
  });
});
