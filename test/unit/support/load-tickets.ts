import type { Command } from '../../../src/allocation/core/commands.js';
import type { LoadedTicket } from '../../../src/allocation/core/state/section-bookings.js';
import type { Tables } from './tables.js';

/** The booked tickets that the commands of a section can take, and no others. */
export function ticketsFor(
  tables: Tables,
  sectionId: string,
  own: readonly Command[],
  chunk: number,
): readonly LoadedTicket[] {
  const booked: LoadedTicket[] = tables.tickets
    .of(sectionId)
    .filter(({ status }) => status === 'BOOKED')
    .map(({ id, bookingId, userId, seatId }) => {
      const bookingQuantity = tables.bookings.get(bookingId).quantity;
      return { id, bookingId, userId, seatId, bookingQuantity };
    });
  const live = tables.bookings.of(sectionId).filter(({ quantity }) => quantity > 0);
  const ending = new Set(live.slice(0, chunk).map(({ id }) => id));
  const named = booked.filter(
    (ticket) => ending.has(ticket.bookingId) || own.some((one) => names(one, ticket)),
  );
  const chosen = new Set([...named, ...newest(booked, named, own)]);
  return booked.filter((ticket) => chosen.has(ticket));
}

function names(command: Command, ticket: LoadedTicket): boolean {
  if (command.kind === 'cancelBooking') return ticket.bookingId === command.bookingId;
  const isHis = 'userId' in command && command.userId === ticket.userId;
  if (command.kind === 'releaseSeat') return isHis && ticket.seatId === command.seatId;
  if (command.kind !== 'cancel') return false;
  const { target } = command;
  if (target.by === 'tickets') return isHis && target.ticketIds.includes(ticket.id);
  return isHis && target.by === 'booking' && target.bookingId === ticket.bookingId;
}

/** As many of a person's newest as are asked for, and as many more as others may take before. */
function newest(
  booked: readonly LoadedTicket[],
  named: readonly LoadedTicket[],
  own: readonly Command[],
): LoadedTicket[] {
  const asked = new Map<string, number>();
  for (const one of own) {
    if (one.kind !== 'cancel' || one.target.by !== 'newest') continue;
    asked.set(one.userId, (asked.get(one.userId) ?? 0) + one.target.quantity);
  }
  return [...asked].flatMap(([userId, quantity]) => {
    const his = booked.filter((ticket) => ticket.userId === userId);
    const count = quantity + named.filter((ticket) => ticket.userId === userId).length;
    return his.sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, count);
  });
}
