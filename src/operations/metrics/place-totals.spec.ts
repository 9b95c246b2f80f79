import type { Totals, TotalsQueries } from '../../allocation/index.js';
import { PlaceTotals } from './place-totals.js';

const TOTALS: Totals = { capacity: 9, available: 3, held: 1, booked: 5, waiting: 2 };

describe('PlaceTotals', () => {
  const find = jest.fn<Promise<Totals>, []>();
  let now: number;
  let totals: PlaceTotals;

  beforeEach(() => {
    now = 0;
    jest.spyOn(performance, 'now').mockImplementation(() => now);
    find.mockReset().mockResolvedValue(TOTALS);
    totals = new PlaceTotals({ find } as unknown as TotalsQueries);
  });
  afterEach(() => jest.restoreAllMocks());
  afterEach(() => jest.useRealTimers());

  it('queries once in five seconds', async () => {
    expect(await Promise.all([totals.get(), totals.get()])).toEqual([TOTALS, TOTALS]);
    now = 4_999;
    expect(await totals.get()).toBe(TOTALS);
    expect(find).toHaveBeenCalledTimes(1);
    now = 5_000;
    await totals.get();
    expect(find).toHaveBeenCalledTimes(2);
  });

  it('queries less often the longer a query takes', async () => {
    find.mockImplementation(() => {
      now += 1_000;
      return Promise.resolve(TOTALS);
    });
    await totals.get();
    now = 50_999;
    await totals.get();
    expect(find).toHaveBeenCalledTimes(1);
    now = 51_000;
    await totals.get();
    expect(find).toHaveBeenCalledTimes(2);
  });

  it('knows nothing while the database does not respond', async () => {
    find.mockRejectedValue(new Error('gone'));
    expect(await totals.get()).toBeUndefined();
    expect(await totals.get()).toBeUndefined();
    expect(find).toHaveBeenCalledTimes(1);
  });

  it('waits two seconds at most', async () => {
    jest.useFakeTimers({ doNotFake: ['performance'] });
    find.mockReturnValue(new Promise(() => undefined));
    const answer = totals.get();
    await jest.advanceTimersByTimeAsync(2_000);
    expect(await answer).toBeUndefined();
  });
});
