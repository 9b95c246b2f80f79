import { withTimeout } from './with-timeout.js';

describe('withTimeout', () => {
  const never = new Promise<never>(() => undefined);

  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('returns the result of work that ends in time, and leaves no timer', async () => {
    expect(await withTimeout(Promise.resolve(7), 1_000, () => 0)).toBe(7);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('rejects as the work does, and leaves no timer', async () => {
    const failing = withTimeout(Promise.reject(new Error('refused')), 1_000, () => 0);
    await expect(failing).rejects.toThrow('refused');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('returns what onTimeout returns once the time is over', async () => {
    const late = withTimeout(never, 1_000, () => 'late');
    await jest.advanceTimersByTimeAsync(1_000);
    expect(await late).toBe('late');
  });

  it('rejects with what onTimeout throws', async () => {
    const late = withTimeout(never, 1_000, () => {
      throw new Error('no answer');
    });
    const rejected = expect(late).rejects.toThrow('no answer');
    await jest.advanceTimersByTimeAsync(1_000);
    await rejected;
  });
});
