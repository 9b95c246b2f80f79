/** How much is done of everything. */
export interface Profile {
  readonly name: 'full' | 'quick';
  /** Of one measurement. */
  readonly seconds: number;
  /** Of load on a server that has just started, before anything is measured there. */
  readonly heatUpSeconds: number;
  /** Before each measurement. */
  readonly warmUpSeconds: number;
  /** Of every comparison; the median counts. */
  readonly rounds: number;
  readonly connections: readonly number[];
  readonly lines: readonly number[];
  readonly growth: { readonly tickets: number; readonly waiting: number };
  readonly replayFactors: readonly number[];
  readonly flood: { readonly connections: number; readonly seconds: number };
}

export const FULL: Profile = {
  name: 'full',
  seconds: 5,
  heatUpSeconds: 4,
  warmUpSeconds: 1,
  rounds: 3,
  connections: [1, 8, 32, 128, 512],
  lines: [100, 10_000, 100_000],
  growth: { tickets: 1_000_000, waiting: 200_000 },
  replayFactors: [1, 50],
  flood: { connections: 10_000, seconds: 20 },
};

export const QUICK: Profile = {
  ...FULL,
  name: 'quick',
  seconds: 0.8,
  heatUpSeconds: 1,
  warmUpSeconds: 0.3,
  rounds: 1,
  // A replay cannot be shortened. The one at real size shows little that a lone request does not.
  replayFactors: [50],
  growth: { tickets: 100_000, waiting: 20_000 },
  flood: { connections: 10_000, seconds: 6 },
};
