import type { LockedSection } from '../state/locked-section.js';
import type { CancelTarget, Command } from '../commands.js';

/** A section of a batch, and the commands for it. */
export interface SectionBatch {
  readonly section: LockedSection;
  readonly commands: readonly Command[];
}

/** Tickets of a section that a batch may cancel. */
export type TicketQuery = { readonly sectionId: string } & (
  | { readonly by: 'newest'; readonly userId: string; readonly max: number }
  | { readonly by: 'tickets' | 'bookings' | 'seats'; readonly ids: readonly string[] }
  /** All tickets of some bookings, no matter which. */
  | { readonly by: 'any'; readonly bookingsMax: number; readonly ticketsMax: number }
);

/** Bookings, holds and entries that one `voidRemaining` ends: few enough to hold the lock briefly. */
export const VOIDED_MAX = 500;

/** Tickets that one `voidRemaining` ends, unless a single booking has more. */
const VOIDED_TICKETS_MAX = 5_000;

export const voidsRemaining = ({ commands }: SectionBatch): boolean =>
  commands.some(({ kind }) => kind === 'voidRemaining');

export const holdsNamed = ({ commands }: SectionBatch): string[] =>
  commands.flatMap((command) => ('holdId' in command ? command.holdId : []));

export const entriesNamed = ({ commands }: SectionBatch): string[] =>
  commands.flatMap((command) => ('entryId' in command ? command.entryId : []));

export const seatsNamed = ({ commands }: SectionBatch): string[] =>
  commands.flatMap((command) => ('seatIds' in command ? (command.seatIds ?? []) : []));

/** People whose open entries matter. Nobody can have one while nothing is waiting or held. */
export function peopleConcerned({ section, commands }: SectionBatch): string[] {
  const { waiting, held } = section.row;
  if (waiting + held === 0) return [];
  return commands.flatMap((command) =>
    command.kind === 'book' || command.kind === 'cancel' ? command.userId : [],
  );
}

/** People to whom `maxPerPerson` applies, or may apply within the batch. */
export function peopleLimited({ section, commands }: SectionBatch): string[] {
  const mayBeLimited =
    section.row.rules.maxPerPerson !== null ||
    commands.some((command) => {
      return command.kind === 'configure' && typeof command.rules.maxPerPerson === 'number';
    });
  if (!mayBeLimited) return [];
  return commands.flatMap((command) =>
    command.kind === 'book' || command.kind === 'hold' ? command.userId : [],
  );
}

/**
 * How many AVAILABLE seats a batch can give away without being asked for them by name. Seats that are
 * named may be among the first as well, so commands that name theirs count too.
 *
 * @param waiting the entries in the windows of the section's waitlist
 */
export function seatDemand(
  { section, commands }: SectionBatch,
  waiting: readonly { readonly quantity: number }[],
): number {
  const { isSeated, available } = section.row;
  const wanted = commands.flatMap((command) =>
    command.kind === 'book' || command.kind === 'hold' ? command : [],
  );
  const isAnyPicked = waiting.length > 0 || wanted.some(({ seatIds }) => seatIds === undefined);
  if (!isSeated || !isAnyPicked) return 0;
  const places = [...wanted, ...waiting].reduce((sum, { quantity }) => sum + quantity, 0);
  return Math.min(available, places);
}

/** Tickets that the commands can cancel. */
export function ticketsNeeded(batch: SectionBatch): TicketQuery[] {
  const { section, commands } = batch;
  const sectionId = section.row.id;
  const newestMax = newestTicketsNeeded(commands);
  const named = commands.flatMap((command): TicketQuery | [] => {
    const { kind } = command;
    if (kind === 'cancelBooking') return { sectionId, by: 'bookings', ids: [command.bookingId] };
    if (kind === 'releaseSeat') return { sectionId, by: 'seats', ids: [command.seatId] };
    if (kind !== 'cancel') return [];
    const { target, userId } = command;
    if (target.by === 'tickets') return { sectionId, by: 'tickets', ids: target.ticketIds };
    if (target.by === 'booking') return { sectionId, by: 'bookings', ids: [target.bookingId] };
    return { sectionId, by: 'newest', userId, max: newestMax.get(userId)! };
  });
  if (!voidsRemaining(batch) || endsHoldsFirst(batch)) return named;
  const [bookingsMax, ticketsMax] = [VOIDED_MAX, VOIDED_TICKETS_MAX];
  return [...named, { sectionId, by: 'any', bookingsMax, ticketsMax }];
}

/** Where very many seats are held, they come free before the booked ones, to hold the lock briefly. */
const endsHoldsFirst = ({ section }: SectionBatch): boolean =>
  section.row.isSeated && section.row.held > VOIDED_MAX;

const ALL = Number.MAX_SAFE_INTEGER;

/**
 * By person, how many of their newest tickets the commands can cancel together. The size of a booking
 * is not known yet, nor the owner of one that `cancelBooking` names: both count as all tickets.
 */
function newestTicketsNeeded(commands: readonly Command[]): ReadonlyMap<string, number> {
  const fromAnyone = commands.some(({ kind }) => kind === 'cancelBooking') ? ALL : 0;
  const needed = new Map<string, number>();
  for (const command of commands) {
    if (command.kind !== 'cancel' && command.kind !== 'releaseSeat') continue;
    const count = command.kind === 'cancel' ? ticketsTaken(command.target) : 1;
    const before = needed.get(command.userId) ?? fromAnyone;
    needed.set(command.userId, Math.min(ALL, before + count));
  }
  return needed;
}

function ticketsTaken(target: CancelTarget): number {
  if (target.by === 'newest') return target.quantity;
  return target.by === 'tickets' ? target.ticketIds.length : ALL;
}
