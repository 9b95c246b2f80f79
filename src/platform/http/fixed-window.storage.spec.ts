import { FixedWindowStorage } from './fixed-window.storage.js';

/** Shorter than the pause between sweeps: a window must end by itself. */
const WINDOW_MS = 4_000;
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
    expect(await hit()).toMatchObject({ timeToExpire: 4, timeToBlockExpire: 4 });
    jest.advanceTimersByTime(3_001);
    expect(await hit()).toMatchObject({ timeToExpire: 1, timeToBlockExpire: 1 });
  });

  it('begins anew when the window is over, whether or not somebody was blocked', async () => {
    for (let count = 0; count < 5; count += 1) await hit();
    jest.advanceTimersByTime(WINDOW_MS - 1);
    expect(await hit()).toMatchObject({ totalHits: 6, isBlocked: true });
    jest.advanceTimersByTime(1);
    expect(await hit()).toMatchObject({ totalHits: 1, isBlocked: false, timeToExpire: 4 });
  });

  it('does not make a window longer by hitting on', async () => {
    await hit();
    for (let second = 0; second < 3; second += 1) {
      jest.advanceTimersByTime(1_000);
      await hit();
    }
    jest.advanceTimersByTime(1_000);
    expect(await hit()).toMatchObject({ totalHits: 1 });
  });

  it('counts on from where it was after others have been swept out', async () => {
    jest.advanceTimersByTime(8_000);
    await hit('jane');
    jest.advanceTimersByTime(2_000);
    expect(await hit('jane')).toMatchObject({ totalHits: 2 });
  });

  it('keeps no timer a client, and none at all once it is closed', async () => {
    for (let client = 0; client < 100; client += 1) await hit(`client ${client}`);
    expect(jest.getTimerCount()).toBe(1);
    storage.onModuleDestroy();
    expect(jest.getTimerCount()).toBe(0);
  });
});
