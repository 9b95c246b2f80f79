import { loadConfig } from '../config/index.js';
import { applyTotal } from './limit-sharing.js';
import { RatePolicy } from './rate-policies.js';
import { RateLimits, type RateWindow } from './rate-limits.js';

const NOW = Date.UTC(2026, 0, 1);

describe('a total of all instances', () => {
  const policy = new RatePolicy('test', 10, 4);
  let limits: RateLimits;
  let window: RateWindow;

  beforeEach(() => {
    limits = new RateLimits(loadConfig({}));
    window = limits.hit(policy, 'jane', NOW);
  });

  it('is added to unsent and pending hits', () => {
    window.unsent = 2;
    limits.reserve(policy, 'jane', NOW);
    applyTotal(window, { hits: 5, ms: 1_000 }, NOW);
    expect(window).toMatchObject({ hits: 8, endsAt: NOW + 1_000 });
    limits.settle(window, false);
    expect(window.hits).toBe(7);
  });

  it('never lowers the count', () => {
    window.hits = 7;
    applyTotal(window, { hits: 1, ms: 1_000 }, NOW);
    expect(window.hits).toBe(7);
  });

  it('never extends a window beyond its length', () => {
    applyTotal(window, { hits: 1, ms: 1e8 }, NOW + 10);
    expect(window.endsAt).toBe(NOW + 10 + policy.windowMs);
  });

  it.each([Number.NaN, Infinity, -1, undefined, 'soon'])('is ignored if it is %p', (value) => {
    const before = { ...window };
    applyTotal(window, { hits: value as number, ms: value as number }, NOW + 10);
    expect(window).toEqual(before);
  });

  it('never applies to a window of another length', () => {
    const longer = new RatePolicy('test', 10, 5);
    expect(limits.hit(longer, 'jane', NOW).key).not.toBe(window.key);
  });
});
