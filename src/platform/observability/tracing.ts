/** Where a piece of work comes from, as whoever traces knows it. */
export type Origin = object;

/** What makes traces, if anything does. */
export interface Tracing {
  /** Says which route the request that runs now has. */
  nameRoute(route: string): void;

  /** Of what runs now; undefined if that leaves no trace. */
  origin(): Origin | undefined;

  /** Does at once what several have asked for, each of them somewhere else. */
  together<T>(name: string, origins: readonly Origin[], work: () => Promise<T>): Promise<T>;

  /** Sends what is still to be sent. */
  stop(): Promise<void>;
}

/** The Tracing of the process; null if there is none, and then it costs nothing. */
export const TRACING = Symbol('tracing');
