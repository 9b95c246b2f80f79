import { loadConfig } from '../config/index.js';
import { RatePolicy } from './rate-policies.js';
import { RateLimits, type RateWindow, secondsLeft } from './rate-limits.js';

const WINDOW_SECONDS = 4;
const LIMIT = 3;

describe('RateLimits', () => {
  const policy = new RatePolicy('test', LIMIT, WINDOW_SECONDS);
  let limits: RateLimits;

  beforeEach(() => {
    jest.useFakeTimers({ now: Date.UTC(2026, 0, 1) });
    limits = new RateLimits(loadConfig({}), 1_000);
  });

  afterEach(() => jest.useRealTimers());

  const hit = (who = 'jane') => limits.hit(policy, who).hits;
  const times = (count: number, act: () => unknown): void => {
    for (let done = 0; done < count; done += 1) act();
  };

  it('counts everybody for himself', () => {
    expect([hit(), hit(), hit('john'), hit()]).toEqual([1, 2, 1, 3]);
  });

  it('counts each policy for itself', () => {
    hit();
    expect(limits.hit(new RatePolicy('other', LIMIT, WINDOW_SECONDS), 'jane').hits).toBe(1);
  });

  it('says in whole seconds, rounded up, when the window ends; one at the least', () => {
    const window = limits.hit(policy, 'jane');
    expect(secondsLeft(window)).toBe(4);
    jest.advanceTimersByTime(3_001);
    expect(secondsLeft(window)).toBe(1);
    jest.advanceTimersByTime(999);
    expect(secondsLeft(window)).toBe(1);
  });

  it('begins anew when the window is over, whether or not somebody was refused', () => {
    times(5, hit);
    jest.advanceTimersByTime(policy.windowMs - 1);
    expect(hit()).toBe(6);
    jest.advanceTimersByTime(1);
    expect(hit()).toBe(1);
  });

  it('does not make a window longer by hitting on', () => {
    hit();
    times(3, () => {
      jest.advanceTimersByTime(1_000);
      hit();
    });
    jest.advanceTimersByTime(1_000);
    expect(hit()).toBe(1);
  });

  it('knows who has used up what he may, without counting him', () => {
    times(LIMIT - 1, hit);
    expect(limits.used(policy, 'jane')).toBeUndefined();
    hit();
    expect(limits.used(policy, 'jane')?.hits).toBe(LIMIT);
    expect(limits.used(policy, 'john')).toBeUndefined();
    jest.advanceTimersByTime(policy.windowMs);
    expect(limits.used(policy, 'jane')).toBeUndefined();
  });

  it('counts what may be taken back, and is not used up by it', () => {
    const reserved = [1, 2, 3].map(() => limits.reserve(policy, 'jane')!);
    expect(limits.reserve(policy, 'jane')).toBeUndefined();
    expect(limits.used(policy, 'jane')).toBeUndefined();
    limits.settle(reserved[0]!, false);
    limits.settle(reserved[1]!, true);
    expect(limits.reserve(policy, 'jane')?.hits).toBe(LIMIT);
    limits.settle(reserved[2]!, true);
    limits.settle(reserved[0]!, true);
    expect(limits.used(policy, 'jane')?.hits).toBe(LIMIT);
    expect(limits.used(policy, 'jane')?.pending).toBe(0);
  });

  it('tells the others of what counts in the end, and only then', () => {
    const noted: RateWindow[] = [];
    limits.shareWith({ note: (window) => noted.push(window) });
    const [guess, other] = [limits.reserve(policy, 'jane')!, limits.reserve(policy, 'jane')!];
    expect(noted).toEqual([]);
    limits.settle(other, false);
    expect(noted).toEqual([]);
    limits.settle(guess, true);
    expect(noted).toHaveLength(1);
  });

  it('forgets those who have not come for the longest rather than grow', () => {
    times(LIMIT, hit);
    for (let client = 0; client < 900; client += 1) hit(`first ${client}`);
    hit();
    for (let client = 0; client < 900; client += 1) hit(`second ${client}`);
    expect(hit()).toBe(LIMIT + 2);
    for (let client = 0; client < 1_000; client += 1) hit(`third ${client}`);
    expect(hit()).toBe(1);
  });

  it('keeps no timer', () => {
    for (let client = 0; client < 100; client += 1) hit(`client ${client}`);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('tells the other instances of every hit that was not too many', () => {
    const noted: RateWindow[] = [];
    limits.shareWith({ note: (window) => noted.push(window) });
    times(LIMIT + 2, hit);
    expect(noted).toHaveLength(LIMIT);
  });

  it('answers the throttler in its own words', async () => {
    const ask = () => limits.increment('jane', 4_000, LIMIT);
    const answers = [await ask(), await ask(), await ask(), await ask()];
    expect(answers.map(({ totalHits, isBlocked }) => [totalHits, isBlocked])).toEqual([
      [1, false],
      [2, false],
      [3, false],
      [4, true],
    ]);
    expect(answers[0]).toMatchObject({ timeToExpire: 4, timeToBlockExpire: 4 });
  });
});

describe('RatePolicy', () => {
  const policy = new RatePolicy('address-reads', 100, 10);

  it('speaks as the draft of the RateLimit fields wants it', () => {
    expect(policy.field).toBe('"address-reads";q=100;w=10');
    expect(policy.left(1, 10)).toBe('"address-reads";r=99;t=10');
  });

  it('has nothing left, and never less, for who has come too often', () => {
    expect(policy.left(100, 3)).toBe('"address-reads";r=0;t=3');
    expect(policy.left(250, 3)).toBe('"address-reads";r=0;t=3');
  });
});
