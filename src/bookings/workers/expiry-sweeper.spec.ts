import type { PinoLogger } from 'nestjs-pino';
import { type Clock, type Reads, WorkerRuns } from '../../platform/index.js';
import type { CommandLanes } from '../engine/command-lanes.js';
import { ExpirySweeper } from './expiry-sweeper.js';

/** More than the longest pause between two sweeps. */
const PAUSE_MS_MAX = 1_300;

describe('ExpirySweeper', () => {
  const now = new Date('2026-01-01T00:00:00Z');
  const query = jest.fn<Promise<object[]>, [string, unknown[]]>();
  const submit = jest.fn<Promise<unknown>, [object]>();
  const warn = jest.fn<void, [object, string]>();
  let sweeper: ExpirySweeper;
  let workers: WorkerRuns;

  beforeEach(() => {
    jest.useFakeTimers();
    query.mockReset().mockResolvedValue([]);
    submit.mockReset().mockResolvedValue({ outcome: { kind: 'swept', expired: 2 } });
    warn.mockReset();
    workers = new WorkerRuns();
    sweeper = new ExpirySweeper(
      { query } as unknown as Reads,
      { submit } as unknown as CommandLanes,
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
