/** The embedded database cannot run. The message is for people: what is wrong, and the ways out. */
export class EmbeddedServerError extends Error {
  override readonly name = 'EmbeddedServerError';
}
