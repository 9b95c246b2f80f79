import { FixedWindowStorage } from './fixed-window.storage.js';

const WINDOW_MS = 10_000;
const LIMIT = 3;

describe('FixedWindowStorage', () => {
  let storage: FixedWindowStorage;

  beforeEach(() => {
    jest.useFakeTimers({ now: Date.UTC(2026, 0, 1) });
    storage = new FixedWindowStorage();
  });

  afterEach(() => {
    storage.onModuleDestroy();
    jest.useRealTimers();
  });

  const hit = (key = 'jane') => storage.increment(key, WINDOW_MS, LIMIT);

  it('counts hits, and blocks from the first that is too many', async () => {
    const records = [await hit(), await hit(), await hit(), await hit()];
    expect(records.map((record) => record.totalHits)).toEqual([1, 2, 3, 4]);
    expect(records.map((record) => record.isBlocked)).toEqual([false, false, false, true]);
  });

  it('counts everybody for himself', async () => {
    for (let count = 0; count < 5; count += 1) await hit('jane');
    expect(await hit('john')).toMatchObject({ totalHits: 1, isBlocked: false });
  });

  it('says in whole seconds, rounded up, when the window ends', async () => {
    expect(await hit()).toMatchObject({ timeToExpire: 10, timeToBlockExpire: 10 });
    jest.advanceTimersByTime(9_001);
    expect(await hit()).toMatchObject({ timeToExpire: 1, timeToBlockExpire: 1 });
  });

  it('begins anew when the window is over, whether or not somebody was blocked', async () => {
    for (let count = 0; count < 5; count += 1) await hit();
    jest.advanceTimersByTime(WINDOW_MS - 1);
    expect(await hit()).toMatchObject({ totalHits: 6, isBlocked: true });
    jest.advanceTimersByTime(1);
    expect(await hit()).toMatchObject({ totalHits: 1, isBlocked: false, timeToExpire: 10 });
  });

  it('does not make a window longer by hitting on', async () => {
    await hit();
    for (let second = 0; second < 9; second += 1) {
      jest.advanceTimersByTime(1_000);
      await hit();
    }
    jest.advanceTimersByTime(1_000);
    expect(await hit()).toMatchObject({ totalHits: 1 });
  });

  it('keeps no timer a client, and none at all once it is closed', async () => {
    for (let client = 0; client < 100; client += 1) await hit(`client ${client}`);
    expect(jest.getTimerCount()).toBe(1);
    storage.onModuleDestroy();
    expect(jest.getTimerCount()).toBe(0);
  });
});
