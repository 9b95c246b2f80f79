import type { BookCommand, CancelCommand } from './core/commands.js';

type ByIdentifier<C> = Omit<C, 'userId'> & { readonly identifier: string };

/** A command as it comes in: its person still goes by the (normalised) identifier. */
export type BookingRequest = ByIdentifier<BookCommand> | ByIdentifier<CancelCommand>;
