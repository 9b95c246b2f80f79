/** The embedded database cannot run. The message tells the operator what is wrong and how to fix it. */
export class EmbeddedServerError extends Error {
  override readonly name = 'EmbeddedServerError';
}

/** Another service already runs this database; the URL connects to it. */
export class ServedElsewhereError extends EmbeddedServerError {
  constructor(
    message: string,
    readonly url: string,
  ) {
    super(message);
  }
}
