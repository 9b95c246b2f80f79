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

  const hit = (client = 'jane') => limits.hit(policy, client).hits;
  const times = (count: number, act: () => unknown): void => {
    for (let done = 0; done < count; done += 1) act();
  };

  it('counts each client separately', () => {
    expect([hit(), hit(), hit('john'), hit()]).toEqual([1, 2, 1, 3]);
  });

  it('counts each policy separately', () => {
    hit();
    expect(limits.hit(new RatePolicy('other', LIMIT, WINDOW_SECONDS), 'jane').hits).toBe(1);
  });

  it('gives the time until the window ends in whole seconds, rounded up, at least one', () => {
    const window = limits.hit(policy, 'jane');
    expect(secondsLeft(window)).toBe(4);
    jest.advanceTimersByTime(3_001);
    expect(secondsLeft(window)).toBe(1);
    jest.advanceTimersByTime(999);
    expect(secondsLeft(window)).toBe(1);
  });

  it('starts a new window when the old one is over, even if its limit was exceeded', () => {
    times(5, hit);
    jest.advanceTimersByTime(policy.windowMs - 1);
    expect(hit()).toBe(6);
    jest.advanceTimersByTime(1);
    expect(hit()).toBe(1);
  });

  it('does not extend a window with later hits', () => {
    hit();
    times(3, () => {
      jest.advanceTimersByTime(1_000);
      hit();
    });
    jest.advanceTimersByTime(1_000);
    expect(hit()).toBe(1);
  });

  it('tells without counting whether a client has reached the limit', () => {
    times(LIMIT - 1, hit);
    expect(limits.exhausted(policy, 'jane')).toBeUndefined();
    hit();
    expect(limits.exhausted(policy, 'jane')?.hits).toBe(LIMIT);
    expect(limits.exhausted(policy, 'john')).toBeUndefined();
    jest.advanceTimersByTime(policy.windowMs);
    expect(limits.exhausted(policy, 'jane')).toBeUndefined();
  });

  it('counts reserved hits towards the limit, but they do not exhaust it until confirmed', () => {
    const reserved = [1, 2, 3].map(() => limits.reserve(policy, 'jane')!);
    expect(limits.reserve(policy, 'jane')).toBeUndefined();
    expect(limits.exhausted(policy, 'jane')).toBeUndefined();
    limits.settle(reserved[0]!, false);
    limits.settle(reserved[1]!, true);
    expect(limits.reserve(policy, 'jane')?.hits).toBe(LIMIT);
    limits.settle(reserved[2]!, true);
    limits.settle(reserved[0]!, true);
    expect(limits.exhausted(policy, 'jane')?.hits).toBe(LIMIT);
    expect(limits.exhausted(policy, 'jane')?.pending).toBe(0);
  });

  it('publishes reserved hits only once they are confirmed', () => {
    const published: RateWindow[] = [];
    limits.publishTo({ publish: (window) => published.push(window) });
    const [guess, other] = [limits.reserve(policy, 'jane')!, limits.reserve(policy, 'jane')!];
    expect(published).toEqual([]);
    limits.settle(other, false);
    expect(published).toEqual([]);
    limits.settle(guess, true);
    expect(published).toHaveLength(1);
  });

  it('evicts the least recently used windows at its size limit', () => {
    times(LIMIT, hit);
    for (let client = 0; client < 900; client += 1) hit(`first ${client}`);
    hit();
    for (let client = 0; client < 900; client += 1) hit(`second ${client}`);
    expect(hit()).toBe(LIMIT + 2);
    for (let client = 0; client < 1_000; client += 1) hit(`third ${client}`);
    expect(hit()).toBe(1);
  });

  it('keeps no timers', () => {
    for (let client = 0; client < 100; client += 1) hit(`client ${client}`);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('publishes every hit up to the limit', () => {
    const published: RateWindow[] = [];
    limits.publishTo({ publish: (window) => published.push(window) });
    times(LIMIT + 2, hit);
    expect(published).toHaveLength(LIMIT);
  });

  it('counts as storage of the throttler', async () => {
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

  it('publishes the hits that the throttler counts, too', async () => {
    const published: RateWindow[] = [];
    limits.publishTo({ publish: (window) => published.push(window) });
    for (let hits = 0; hits < LIMIT + 2; hits += 1) await limits.increment('jane', 4_000, LIMIT);
    expect(published).toHaveLength(LIMIT);
  });
});

describe('RatePolicy', () => {
  const policy = new RatePolicy('address-reads', 100, 10);

  it('writes the header fields of the IETF draft', () => {
    expect(policy.policyField).toBe('"address-reads";q=100;w=10');
    expect(policy.limitField(1, 10)).toBe('"address-reads";r=99;t=10');
  });

  it('never reports fewer than zero remaining requests', () => {
    expect(policy.limitField(100, 3)).toBe('"address-reads";r=0;t=3');
    expect(policy.limitField(250, 3)).toBe('"address-reads";r=0;t=3');
  });
});
