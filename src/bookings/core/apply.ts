import { book } from './book.js';
import { cancel } from './cancel.js';
import type { Command, Outcome } from './commands.js';
import type { Desk } from './desk.js';

/** Applies one command to its section. Pure: the desk is changed, the world is not. */
export function apply(desk: Desk, command: Command): Outcome {
  switch (command.kind) {
    case 'book':
      return book(desk, command);
    case 'cancel':
      return cancel(desk, command);
  }
}
