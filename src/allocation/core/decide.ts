import { book } from './rules/book.js';
import { cancel, cancelBooking, releaseSeat } from './rules/cancel.js';
import type { Command, CommandOf } from './commands.js';
import type { SectionState } from './section-state.js';
import { accept, decline, leave } from './rules/waitlist-entries.js';
import { confirm, hold, release } from './rules/hold.js';
import type { Outcome } from './outcomes.js';
import { reportSwept } from './rules/expire.js';
import { close, configure, open, resize } from './rules/section-commands.js';
import { voidRemaining } from './rules/void-remaining.js';

type Rules = {
  readonly [Kind in Command['kind']]: (state: SectionState, command: CommandOf<Kind>) => Outcome;
};

/** The rule that decides each kind of command. */
const RULES: Rules = {
  book,
  hold,
  confirm,
  release,
  cancel,
  cancelBooking,
  releaseSeat,
  leave,
  accept,
  decline,
  sweep: reportSwept,
  resize,
  configure,
  open,
  close,
  voidRemaining,
};

/**
 * Decides one command. Pure: it changes only the state it is given. `expireOverdue` has run before
 * the first command of a batch.
 */
export function decide<Kind extends Command['kind']>(
  state: SectionState,
  command: CommandOf<Kind>,
): Outcome {
  return RULES[command.kind](state, command);
}
