/** A command cannot run as it is set up; the message says what to change. */
export class SetUpError extends Error {}
