/** Names that no key has: ids of keys have 12 characters. */
export const ADMIN = 'admin';
export const OPEN = 'open';
export const OPERATOR = 'operator';

/** The cause of a change, as its outbox message has it: plain data, without secrets. */
export interface Actor {
  /**
   * The id of an API key, ADMIN for ADMIN_API_KEY, OPEN without keys, OPERATOR for `npm run repair`, or the
   * name of a worker.
   */
  readonly by: string;
  /** The id of the request; workers have none. */
  readonly request?: string;
}
