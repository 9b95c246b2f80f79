import { SetUpError } from './set-up-error.js';

/** An unknown or invalid command-line argument; the message shows correct usage. */
export class UsageError extends SetUpError {}
