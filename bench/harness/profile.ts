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
  /** Sizes of the first second. */
  readonly crowds: readonly number[];
  readonly overload: { readonly connections: number; readonly seconds: number };
  /** Seconds of the usual load, and of each attack on it. */
  readonly neighbour: {
    readonly usualSeconds: number;
    readonly lockSeconds: number;
    readonly readsSeconds: number;
    readonly unreadSeconds: number;
  };
  /** The tables that expensive reads go through. */
  readonly reads: {
    readonly sections: number;
    readonly bookingsPerSection: number;
    readonly waiting: number;
  };
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
  crowds: [4_000, 10_000, 30_000],
  overload: { connections: 10_000, seconds: 30 },
  neighbour: { usualSeconds: 30, lockSeconds: 30, readsSeconds: 60, unreadSeconds: 20 },
  reads: { sections: 100, bookingsPerSection: 10_000, waiting: 400_000 },
  flood: { connections: 10_000, seconds: 20 },
};

export const QUICK: Profile = {
  ...FULL,
  name: 'quick',
  seconds: 0.8,
  serverWarmUpSeconds: 1,
  warmUpSeconds: 0.3,
  rounds: 1,
  connections: [1, 128],
  waitlistLengths: [100, 100_000],
  // A replay cannot be shortened, and the one at real size shows little that a lone request does not.
  replayFactors: [50],
  growth: { tickets: 100_000, waiting: 20_000 },
  crowds: [2_000],
  overload: { connections: 3_000, seconds: 2 },
  neighbour: { usualSeconds: 2, lockSeconds: 4, readsSeconds: 3, unreadSeconds: 3 },
  reads: { sections: 10, bookingsPerSection: 2_000, waiting: 10_000 },
  flood: { connections: 10_000, seconds: 3 },
};
