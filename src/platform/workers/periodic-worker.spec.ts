import type { PinoLogger } from 'nestjs-pino';
import type { Job, PeriodicWorker, WorkerOptions } from './periodic-worker.js';
import { PeriodicWorkers } from './periodic-workers.js';

/** Longer than the longest pause between two runs. */
const PAUSE_MS_MAX = 1_300;

describe('PeriodicWorker', () => {
  const warn = jest.fn<void, [object, string]>();
  const job = jest.fn<Promise<unknown>, Parameters<Job>>();
  let workers: PeriodicWorkers;

  const start = (options: Partial<WorkerOptions> = {}): PeriodicWorker => {
    const all = { name: 'sweeper', everyMs: 1_000, failure: 'It could not sweep', ...options };
    const worker = workers.add(all, job);
    workers.onApplicationBootstrap();
    return worker;
  };

  beforeEach(() => {
    jest.useFakeTimers();
    warn.mockReset();
    job.mockReset().mockResolvedValue(undefined);
    workers = new PeriodicWorkers({ warn } as unknown as PinoLogger);
  });
  afterEach(() => workers.onModuleDestroy());
  afterEach(() => jest.useRealTimers());

  it('runs about once a period, and not at once', async () => {
    start();
    await jest.advanceTimersByTimeAsync(700);
    expect(job).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(job.mock.calls.length).toBeGreaterThan(45);
    expect(job.mock.calls.length).toBeLessThan(82);
  });

  it('counts its runs by result', async () => {
    job.mockRejectedValueOnce(new Error('gone'));
    start();
    await jest.advanceTimersByTimeAsync(3 * PAUSE_MS_MAX);
    const [[name, runs]] = [...workers] as [[string, PeriodicWorker['runs']]];
    expect(name).toBe('sweeper');
    expect(runs.failed).toBe(1);
    expect(runs.succeeded).toBeGreaterThan(1);
  });

  it('goes on after a run that failed, and logs it in one line', async () => {
    job.mockRejectedValueOnce(new Error('gone'));
    start();
    await jest.advanceTimersByTimeAsync(2 * PAUSE_MS_MAX);
    expect(job.mock.calls.length).toBeGreaterThan(1);
    expect(warn.mock.calls).toEqual([
      [{ error: expect.objectContaining({ message: 'gone' }) }, 'It could not sweep'],
    ]);
  });

  it('logs each error that a job reports, and counts one failed run', async () => {
    job.mockImplementationOnce((run) => {
      for (const message of ['first', 'second']) run.fail(new Error(message));
      return Promise.resolve();
    });
    const { runs } = start();
    await jest.advanceTimersByTimeAsync(PAUSE_MS_MAX);
    expect(warn).toHaveBeenCalledTimes(2);
    expect(runs.failed).toBe(1);
  });

  it('never runs twice at once, and stopping waits for the current run', async () => {
    let end = (): void => undefined;
    job.mockReturnValue(new Promise<void>((resolve) => (end = resolve)));
    start();
    await jest.advanceTimersByTimeAsync(10 * PAUSE_MS_MAX);
    expect(job).toHaveBeenCalledTimes(1);
    let isStopped = false;
    const stopped = workers.onModuleDestroy().then(() => (isStopped = true));
    await jest.advanceTimersByTimeAsync(PAUSE_MS_MAX);
    expect(isStopped).toBe(false);
    expect(job.mock.calls[0]![0].signal.aborted).toBe(true);
    end();
    await stopped;
    await jest.advanceTimersByTimeAsync(10 * PAUSE_MS_MAX);
    expect(job).toHaveBeenCalledTimes(1);
  });

  it('does not run after it was stopped', async () => {
    await start().stop();
    await jest.advanceTimersByTimeAsync(10 * PAUSE_MS_MAX);
    expect(job).not.toHaveBeenCalled();
    expect(jest.getTimerCount()).toBe(0);
  });

  it('runs a last time when it is stopped, if it should', async () => {
    const worker = start({ runsOnStop: true });
    await worker.stop();
    await worker.stop();
    expect(job).toHaveBeenCalledTimes(1);
  });
});
