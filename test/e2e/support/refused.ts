/** A request that is refused. */
export interface Attempt {
  /** Where it must change nothing. */
  readonly eventId: string;
  readonly method?: 'post' | 'patch' | 'delete';
  readonly path: string;
  readonly body?: object;
  /** Where another one would not do. */
  readonly key?: string;
  /** What it says beside what every problem document says. */
  readonly fields?: object;
  readonly detail?: string;
  /** Whether it is remembered with its key, where docs/errors.md does not say it of all with that code. */
  readonly isKept?: boolean;
}

/** Situations in which a code is the answer, in words. */
type Situations = Readonly<Record<string, () => Promise<Attempt>>>;

/** How a code is answered, and when. */
export interface Expected {
  readonly status: number;
  readonly when: Situations;
}
