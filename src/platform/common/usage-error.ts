/** An unknown or invalid command-line argument; the message shows correct usage. */
export class UsageError extends Error {}
