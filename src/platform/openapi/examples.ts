import recorded from './examples.json';

/** A request that was sent, and the answer that came. */
export interface Example {
  /** Of the operation. */
  readonly operation: string;
  /** What it shows, in a few words. */
  readonly summary: string;
  readonly request: {
    readonly path?: Readonly<Record<string, string>>;
    readonly query?: Readonly<Record<string, string>>;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: unknown;
  };
  readonly answer: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: unknown;
  };
}

/** In the order in which they were sent: later ones build upon earlier ones. */
export const EXAMPLES: readonly Example[] = recorded;
