/** How long and how often a run measures. */
export interface Profile {
  readonly name: 'full' | 'quick';
  /** Length of one measurement. */
  readonly seconds: number;
  /** Load on a server that has just started, before its first measurement. */
  readonly serverWarmUpSeconds: number;
  /** Load before each measurement. */
  readonly warmUpSeconds: number;
  /** Rounds of each comparison; the report shows the median. */
  readonly rounds: number;
  readonly connections: readonly number[];
  readonly waitlistLengths: readonly number[];
  readonly growth: { readonly tickets: number; readonly waiting: number };
  readonly replayFactors: readonly number[];
  readonly flood: { readonly connections: number; readonly seconds: number };
}

export const FULL: Profile = {
  name: 'full',
  seconds: 5,
  serverWarmUpSeconds: 4,
  warmUpSeconds: 1,
  rounds: 3,
  connections: [1, 8, 32, 128, 512],
  waitlistLengths: [100, 10_000, 100_000],
  growth: { tickets: 1_000_000, waiting: 200_000 },
  replayFactors: [1, 50],
  flood: { connections: 10_000, seconds: 20 },
};

export const QUICK: Profile = {
  ...FULL,
  name: 'quick',
  seconds: 0.8,
  serverWarmUpSeconds: 1,
  warmUpSeconds: 0.3,
  rounds: 1,
  // A replay cannot be shortened, and the one at real size shows little that a lone request does not.
  replayFactors: [50],
  growth: { tickets: 100_000, waiting: 20_000 },
  flood: { connections: 10_000, seconds: 6 },
};
