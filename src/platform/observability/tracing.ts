/** The span of the request that work comes from: plain data. */
export interface Origin {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
}

/** The part of a tracing SDK that the service uses. */
export interface Tracing {
  /** Names the route of the current request. */
  nameRoute(route: string): void;

  /** The current span; undefined if it is not recorded. */
  origin(): Origin | undefined;

  /** Runs one piece of work for several requests, in a span that is linked to theirs. */
  together<T>(name: string, origins: readonly Origin[], work: () => Promise<T>): Promise<T>;

  /** Sends the remaining spans. */
  stop(): Promise<void>;
}

/** The process's Tracing, or null if tracing is off; then it costs nothing. */
export const TRACING = Symbol('tracing');
