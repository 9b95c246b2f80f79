import { book } from './rules/book.js';
import { cancel, cancelBooking, releaseSeat } from './rules/cancel.js';
import type { Command, CommandOf } from './commands.js';
import type { SectionState } from './section-state.js';
import { accept, decline, leave } from './rules/waitlist-entries.js';
import { confirm, hold, release } from './rules/hold.js';
import type { Outcome } from './outcomes.js';
import { close, configure, expire, open, resize } from './rules/section-commands.js';
import { voidRemaining } from './rules/void-remaining.js';

type Rules = {
  readonly [Kind in Command['kind']]: (state: SectionState, command: CommandOf<Kind>) => Outcome;
};

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
  expire,
  resize,
  configure,
  open,
  close,
  voidRemaining,
};

/**
 * Applies one command to its section. Pure: the state is changed, the world is not. Before the first
 * command of a batch, `expireOverdue` has ended what is overdue, of very much the first, and whatever
 * a command names.
 */
export function decide<Kind extends Command['kind']>(
  state: SectionState,
  command: CommandOf<Kind>,
): Outcome {
  return RULES[command.kind](state, command);
}
