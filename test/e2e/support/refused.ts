/** A request that is refused. */
export interface Attempt {
  /** The event that must not change. */
  readonly eventId: string;
  readonly method?: 'post' | 'patch' | 'delete';
  readonly path: string;
  readonly body?: object;
  /** The idempotency key, if not just any new one will do. */
  readonly key?: string;
  /** Fields beyond those of every problem document. */
  readonly fields?: object;
  readonly detail?: string;
  /** Whether the answer is stored with its key; by default as docs/errors.md says of its code. */
  readonly isKept?: boolean;
}

/** Requests that are refused with one code, by description. */
type Situations = Readonly<Record<string, () => Promise<Attempt>>>;

/** The status of a code, and the requests that cause it. */
export interface Expected {
  readonly status: number;
  readonly when: Situations;
}
