import type { Command } from '../../../src/allocation/core/commands.js';
import type { LoadedTicket } from '../../../src/allocation/core/state/section-bookings.js';
import type { Tables } from './tables.js';

/** The BOOKED tickets that the commands of a section can cancel, and no others. */
export function ticketsFor(
  tables: Tables,
  sectionId: string,
  commands: readonly Command[],
  voidMax: number,
): readonly LoadedTicket[] {
  const booked: LoadedTicket[] = tables.tickets
    .of(sectionId)
    .filter(({ status }) => status === 'BOOKED')
    .map(({ id, bookingId, userId, seatId }) => {
      const { quantity: bookingQuantity, price } = tables.bookings.get(bookingId);
      return { id, bookingId, userId, seatId, bookingQuantity, price };
    });
  const live = tables.bookings.of(sectionId).filter(({ quantity }) => quantity > 0);
  const ending = new Set(live.slice(0, voidMax).map(({ id }) => id));
  const named = booked.filter(
    (ticket) => ending.has(ticket.bookingId) || commands.some((command) => names(command, ticket)),
  );
  const chosen = new Set([...named, ...newest(booked, named, commands)]);
  return booked.filter((ticket) => chosen.has(ticket));
}

function names(command: Command, ticket: LoadedTicket): boolean {
  if (command.kind === 'cancelBooking') return ticket.bookingId === command.bookingId;
  const isTheirs = 'userId' in command && command.userId === ticket.userId;
  if (command.kind === 'releaseSeat') return isTheirs && ticket.seatId === command.seatId;
  if (command.kind !== 'cancel') return false;
  const { target } = command;
  if (target.by === 'tickets') return isTheirs && target.ticketIds.includes(ticket.id);
  return isTheirs && target.by === 'booking' && target.bookingId === ticket.bookingId;
}

/** The newest tickets that commands ask for, and as many more as other commands may take before. */
function newest(
  booked: readonly LoadedTicket[],
  named: readonly LoadedTicket[],
  commands: readonly Command[],
): LoadedTicket[] {
  const wanted = new Map<string, number>();
  for (const command of commands) {
    if (command.kind !== 'cancel' || command.target.by !== 'newest') continue;
    const before = wanted.get(command.userId) ?? 0;
    wanted.set(command.userId, before + command.target.quantity);
  }
  return [...wanted].flatMap(([userId, quantity]) => {
    const theirs = booked.filter((ticket) => ticket.userId === userId);
    const count = quantity + named.filter((ticket) => ticket.userId === userId).length;
    return theirs.sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, count);
  });
}
