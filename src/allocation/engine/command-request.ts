import type { IdempotencyKey } from '../../platform/idempotency/index.js';
import type { Person } from '../../users/index.js';
import type {
  BookCommand,
  CancelCommand,
  Command,
  HoldCommand,
  ReleaseSeatCommand,
} from '../core/commands.js';
import type { Outcome } from '../core/outcomes.js';

interface Idempotent {
  /** The client's name for this attempt, if it gave one. */
  readonly idempotencyKey?: IdempotencyKey | undefined;
}

/** Commands that name a person; he still goes by his name. */
type ByPerson<Named> = Omit<Named, 'userId'> & { readonly person: Person };

type PersonsCommand = BookCommand | CancelCommand | HoldCommand | ReleaseSeatCommand;

/** A command as it comes in. */
export type CommandRequest = Idempotent &
  (
    | ByPerson<BookCommand>
    | ByPerson<CancelCommand>
    | ByPerson<HoldCommand>
    | ByPerson<ReleaseSeatCommand>
    | Exclude<Command, PersonsCommand>
  );

/** A request of some kind that does not say yet in which section. */
export type WithoutSection<Kind extends CommandRequest['kind']> = Omit<
  Extract<CommandRequest, { readonly kind: Kind }>,
  'sectionId'
>;

/** What became of a request. */
export interface CommandResult {
  readonly outcome: Outcome;
  /** The attempt had been made before: this is what it came to then, and nothing was done now. */
  readonly isReplay: boolean;
}
