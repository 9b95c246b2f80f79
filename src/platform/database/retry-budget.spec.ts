import timers from 'node:timers/promises';
import { DEFAULT_RETRY_POLICY, RetryBudget, type RetryPolicy } from './retry-budget.js';

const ALMOST_ONE = 1 - Number.EPSILON;

/** Time stands still except for the waits, which end at once and are recorded. */
function stopTime(chance: number) {
  let now = 1_000_000;
  const waits: number[] = [];
  jest.spyOn(Date, 'now').mockImplementation(() => now);
  jest.spyOn(Math, 'random').mockReturnValue(chance);
  jest.spyOn(timers, 'setTimeout').mockImplementation((wait, value) => {
    waits.push(wait ?? 0);
    now += wait ?? 0;
    return Promise.resolve(value!);
  });
  return { waits, pass: (ms: number) => (now += ms) };
}

async function spendAll(policy: RetryPolicy): Promise<number> {
  const budget = new RetryBudget(policy);
  let spent = 0;
  while (await budget.spendOne()) spent += 1;
  return spent;
}

describe('RetryBudget', () => {
  afterEach(() => jest.restoreAllMocks());

  it('allows the given number of attempts, including the first', async () => {
    stopTime(0);
    expect(await spendAll(DEFAULT_RETRY_POLICY)).toBe(DEFAULT_RETRY_POLICY.attemptsMax - 1);
    expect(await spendAll({ ...DEFAULT_RETRY_POLICY, attemptsMax: 1 })).toBe(0);
  });

  it('stays exhausted', async () => {
    stopTime(0);
    const budget = new RetryBudget({ ...DEFAULT_RETRY_POLICY, attemptsMax: 2 });
    expect([await budget.spendOne(), await budget.spendOne(), await budget.spendOne()]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('doubles the maximum wait up to the cap', async () => {
    const { waits } = stopTime(ALMOST_ONE);
    await spendAll(DEFAULT_RETRY_POLICY);
    expect(waits.map(Math.round)).toEqual([10, 20, 40, 80, 160, 250, 250]);
    expect(Math.max(...waits)).toBeLessThanOrEqual(DEFAULT_RETRY_POLICY.backoffMsCap);
  });

  it('waits between zero and the maximum (full jitter)', async () => {
    const lucky = stopTime(0);
    await spendAll(DEFAULT_RETRY_POLICY);
    expect(new Set(lucky.waits)).toEqual(new Set([0]));
    jest.restoreAllMocks();
    const even = stopTime(0.5);
    await spendAll(DEFAULT_RETRY_POLICY);
    expect(even.waits).toEqual([5, 10, 20, 40, 80, 125, 125]);
  });

  it('starts no attempt after the deadline', async () => {
    const { pass } = stopTime(0);
    const budget = new RetryBudget({ ...DEFAULT_RETRY_POLICY, deadlineMs: 100 });
    pass(100);
    expect(await budget.spendOne()).toBe(true);
    pass(1);
    expect(await budget.spendOne()).toBe(false);
  });

  it('does not wait for an attempt that the deadline would forbid', async () => {
    const { waits, pass } = stopTime(ALMOST_ONE);
    const budget = new RetryBudget({ ...DEFAULT_RETRY_POLICY, deadlineMs: 100 });
    pass(95);
    expect(await budget.spendOne()).toBe(false);
    expect(waits).toEqual([]);
  });

  it('waits in real time', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(ALMOST_ONE);
    const policy = { attemptsMax: 2, backoffMsBase: 20, backoffMsCap: 40, deadlineMs: 5_000 };
    const start = performance.now();
    expect(await new RetryBudget(policy).spendOne()).toBe(true);
    expect(performance.now() - start).toBeGreaterThanOrEqual(35);
  });
});
