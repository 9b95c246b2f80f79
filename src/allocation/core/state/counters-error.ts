/**
 * The counters of a section disagree with its rows: a bug, or someone has changed the tables. Says how to
 * repair them, wherever the error is logged.
 */
export class CountersError extends Error {
  override readonly name = 'CountersError';

  /** @param finding what is impossible unless they disagree */
  constructor(finding: string, eventId: string, options?: ErrorOptions) {
    super(
      `${finding}: the counters of event ${eventId} disagree with its rows. ` +
        `Run npm run repair -- --event ${eventId}`,
      options,
    );
  }
}
