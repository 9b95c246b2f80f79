import { DomainError } from '../../platform/errors/index.js';
import { Backlog } from './backlog.js';

const WAIT_SECONDS_MAX = 10;

describe('Backlog', () => {
  let now = 0;
  const realNow = performance.now.bind(performance);
  beforeEach(() => {
    now = 1_000;
    // No spy, because it would keep a record of every call.
    performance.now = () => now;
  });
  afterEach(() => {
    performance.now = realNow;
  });

  /** @returns how many were accepted before the first was refused */
  function enterMany(backlog: Backlog, key: string, count: number): number {
    for (let accepted = 0; accepted < count; accepted += 1)
      if (backlog.tryEnter(key) !== undefined) return accepted;
    return count;
  }

  /** Answers commands at this rate. */
  function answer(backlog: Backlog, key: string, { perSecond, seconds }: Record<string, number>) {
    for (let done = 0; done < perSecond! * seconds!; done += 1) {
      now += 1_000 / perSecond!;
      backlog.leave(key);
    }
  }

  it('accepts ten thousand commands at once: they are expected to take 2.5 seconds', () => {
    expect(enterMany(new Backlog(WAIT_SECONDS_MAX), 'hot', 10_000)).toBe(10_000);
  });

  it('accepts as many as the measured rate can answer in time', () => {
    const backlog = new Backlog(WAIT_SECONDS_MAX);
    enterMany(backlog, 'hot', 18_000);
    answer(backlog, 'hot', { perSecond: 500, seconds: 20 });
    expect(backlog.waitSeconds).toBeGreaterThan(15);
    expect(enterMany(backlog, 'hot', 1)).toBe(0);
    answer(backlog, 'hot', { perSecond: 500, seconds: 10 });
    const more = enterMany(backlog, 'hot', 10_000);
    expect(more).toBeGreaterThan(1_500);
    expect(more).toBeLessThan(2_500);
  });

  it('accepts fewer the longer nothing is answered, but always a batch', () => {
    const backlog = new Backlog(WAIT_SECONDS_MAX);
    enterMany(backlog, 'locked', 256);
    now += 60_000;
    const accepted = 256 + enterMany(backlog, 'locked', 10_000);
    expect(accepted).toBeGreaterThanOrEqual(256);
    expect(accepted).toBeLessThan(1_500);
  });

  it('does not refuse other sections, and forgets a section once nothing is left of it', () => {
    const backlog = new Backlog(WAIT_SECONDS_MAX);
    const accepted = enterMany(backlog, 'hot', 100_000);
    expect(enterMany(backlog, 'quiet', 1)).toBe(1);
    answer(backlog, 'hot', { perSecond: 100_000, seconds: accepted / 100_000 });
    expect(enterMany(backlog, 'hot', 1)).toBe(1);
    expect(backlog.refused).toBe(1);
  });

  it('does not take the rate of a quiet time for that of the database', () => {
    const backlog = new Backlog(WAIT_SECONDS_MAX);
    enterMany(backlog, 'warm', 1);
    for (let second = 0; second < 60; second += 1) {
      enterMany(backlog, 'warm', 200);
      answer(backlog, 'warm', { perSecond: 200, seconds: 1 });
    }
    expect(enterMany(backlog, 'warm', 10_000)).toBe(10_000);
    answer(backlog, 'warm', { perSecond: 100_000, seconds: 0.1 });
    now += 3_600_000;
    enterMany(backlog, 'warm', 256);
    expect(backlog.waitSeconds).toBeLessThan(1);
  });

  it('limits the wait over all sections, each of which has few commands', () => {
    const backlog = new Backlog(WAIT_SECONDS_MAX);
    let accepted = 0;
    for (let round = 0; round < 60; round += 1) {
      for (let section = 0; section < 1_000; section += 1) {
        accepted += enterMany(backlog, `section ${section}`, 1);
      }
    }
    expect(accepted).toBeGreaterThan(30_000);
    expect(accepted).toBeLessThan(50_000);
  });

  it('asks those it refuses to return at different times, within the time that the queue needs', () => {
    const backlog = new Backlog(WAIT_SECONDS_MAX);
    enterMany(backlog, 'hot', 100_000);
    const seconds = Array.from({ length: 100 }, () => {
      try {
        backlog.enter('hot');
      } catch (error) {
        expect(error).toBeInstanceOf(DomainError);
        expect((error as DomainError).code).toBe('overloaded');
        return (error as DomainError).retryAfterSeconds!;
      }
      return 0;
    });
    expect(new Set(seconds).size).toBeGreaterThan(5);
    expect(Math.min(...seconds)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...seconds)).toBeLessThanOrEqual(11);
  });
});
