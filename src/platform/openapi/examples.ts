import recorded from './examples.json';

/** A recorded request and its response. */
export interface Example {
  /** The id of its operation. */
  readonly operation: string;
  /** One line about what the example shows. */
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

/** In the order of recording: later examples build on earlier ones. */
export const EXAMPLES: readonly Example[] = recorded;
