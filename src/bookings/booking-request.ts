import type { IdempotencyClaim } from '../platform/index.js';
import type { BookCommand, CancelCommand, Outcome } from './core/commands.js';

type ByIdentifier<Command> = Omit<Command, 'userId'> & {
  readonly identifier: string;
  /** The client's name for this attempt, if it gave one. */
  readonly claim?: IdempotencyClaim | undefined;
};

/** A command as it comes in: its person still goes by the (normalised) identifier. */
export type BookingRequest = ByIdentifier<BookCommand> | ByIdentifier<CancelCommand>;

/** What became of a request. */
export interface Settled {
  readonly outcome: Outcome;
  /** The attempt had been made before: this is what it came to then, and nothing was done now. */
  readonly isReplay: boolean;
}
