import type { Actor } from '../../platform/common/index.js';
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

interface Requested {
  readonly idempotencyKey?: IdempotencyKey | undefined;
  /** For the messages of its changes. */
  readonly actor?: Actor | undefined;
}

/** A command that names its person by identifier: the user id is not known yet. */
type ByPerson<Named> = Omit<Named, 'userId'> & { readonly person: Person };

type PersonsCommand = BookCommand | CancelCommand | HoldCommand | ReleaseSeatCommand;

/** A command as other modules submit it: plain data. */
export type CommandRequest = Requested &
  (
    | ByPerson<BookCommand>
    | ByPerson<CancelCommand>
    | ByPerson<HoldCommand>
    | ByPerson<ReleaseSeatCommand>
    | Exclude<Command, PersonsCommand>
  );

/** A request that does not name its section yet. */
export type WithoutSection<Kind extends CommandRequest['kind']> = Omit<
  Extract<CommandRequest, { readonly kind: Kind }>,
  'sectionId'
>;

/** The result of a request: plain data. */
export interface CommandResult {
  readonly outcome: Outcome;
  /** The outcome is that of an earlier request with the same idempotency key; nothing was done now. */
  readonly isReplay: boolean;
}
