/** The embedded database cannot run. The message is for people: what is wrong, and the ways out. */
export class EmbeddedServerError extends Error {
  override readonly name = 'EmbeddedServerError';
}

/** Another service has it already; with this address one may attach to it. */
export class ServedElsewhereError extends EmbeddedServerError {
  constructor(
    message: string,
    readonly url: string,
  ) {
    super(message);
  }
}
