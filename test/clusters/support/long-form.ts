const { CLUSTER_STORM_SECONDS } = process.env;

/** The usual runs have the short form; CLUSTER_STORM_SECONDS=60 is the long one. */
export const STORM_MS = Number(CLUSTER_STORM_SECONDS ?? 8) * 1_000;

/** A test of the long form only. */
export const longFormIt: (name: string, test: () => Promise<void>) => void =
  CLUSTER_STORM_SECONDS === undefined ? () => undefined : it;
