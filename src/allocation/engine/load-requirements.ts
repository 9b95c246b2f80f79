import type { LockedSection } from '../core/state/locked-section.js';
import type { TicketQuery } from '../storage/bookings.repository.js';
import type { CancelTarget, Command } from '../core/commands.js';

/** A section of a batch, and the commands about it. */
export interface SectionBatch {
  readonly section: LockedSection;
  readonly commands: readonly Command[];
}

/** Bookings, holds and entries that one `voidRemaining` ends: few enough to hold the lock for moments. */
export const VOIDED_MAX = 500;

/** And tickets, unless a single booking has more. */
const VOIDED_TICKETS_MAX = 5_000;

export const isVoided = ({ commands: own }: SectionBatch): boolean =>
  own.some(({ kind }) => kind === 'voidRemaining');

/** Whether a hold of the section may be over, so that somebody has to look. */
export const isOverdue = ({ section }: SectionBatch, now: Date): boolean => {
  const { holdsExpireAt } = section.row;
  return holdsExpireAt !== null && holdsExpireAt <= now;
};

export const holdsNamed = ({ commands: own }: SectionBatch): string[] =>
  own.flatMap((one) => ('holdId' in one ? one.holdId : []));

export const entriesNamed = ({ commands: own }: SectionBatch): string[] =>
  own.flatMap((one) => ('entryId' in one ? one.entryId : []));

export const seatsNamed = ({ commands: own }: SectionBatch): string[] =>
  own.flatMap((one) => ('seatIds' in one ? (one.seatIds ?? []) : []));

/** People whose open entries matter: where nobody waits and nothing is held, nobody has one. */
export function peopleConcerned({ section, commands: own }: SectionBatch): string[] {
  const { waiting, held } = section.row;
  if (waiting + held === 0) return [];
  return own.flatMap((one) => (one.kind === 'book' || one.kind === 'cancel' ? one.userId : []));
}

/** People who need places where one person may only have so many. */
export function peopleLimited({ section, commands: own }: SectionBatch): string[] {
  const mayBeLimited =
    section.row.rules.maxPerPerson !== null ||
    own.some((one) => one.kind === 'configure' && typeof one.rules.maxPerPerson === 'number');
  if (!mayBeLimited) return [];
  return own.flatMap((one) => (one.kind === 'book' || one.kind === 'hold' ? one.userId : []));
}

/** Very many seats that are held come free before those that are sold, to keep the lock for less. */
const haveHoldsFirst = ({ section }: SectionBatch): boolean =>
  section.row.isSeated && section.row.held > VOIDED_MAX;

/** Which tickets the commands can cancel. */
export function ticketsWanted(order: SectionBatch): TicketQuery[] {
  const { commands: own } = order;
  const sectionId = order.section.row.id;
  const newest = newestMax(own);
  const named = own.flatMap((one): TicketQuery[] => {
    if (one.kind === 'cancelBooking') return [{ sectionId, by: 'bookings', ids: [one.bookingId] }];
    if (one.kind === 'releaseSeat') return [{ sectionId, by: 'seats', ids: [one.seatId] }];
    if (one.kind !== 'cancel') return [];
    const { target, userId } = one;
    if (target.by === 'tickets') return [{ sectionId, by: 'tickets', ids: target.ticketIds }];
    if (target.by === 'booking') return [{ sectionId, by: 'bookings', ids: [target.bookingId] }];
    return [{ sectionId, by: 'newest', userId, max: newest.get(userId)! }];
  });
  if (!isVoided(order) || haveHoldsFirst(order)) return named;
  return [
    ...named,
    { sectionId, by: 'any', bookingsMax: VOIDED_MAX, ticketsMax: VOIDED_TICKETS_MAX },
  ];
}

const ALL = Number.MAX_SAFE_INTEGER;

/**
 * Several commands of a batch may take from the same person's newest tickets, so of those as many are
 * needed as all of them can take together; of whole bookings nobody knows how many that is, and of
 * bookings without a name not even from whom.
 */
function newestMax(own: readonly Command[]): ReadonlyMap<string, number> {
  const fromAnyone = own.some(({ kind }) => kind === 'cancelBooking') ? ALL : 0;
  const taken = new Map<string, number>();
  for (const one of own) {
    if (one.kind !== 'cancel' && one.kind !== 'releaseSeat') continue;
    const count = one.kind === 'cancel' ? ticketsTaken(one.target) : 1;
    const before = taken.get(one.userId) ?? fromAnyone;
    taken.set(one.userId, Math.min(ALL, before + count));
  }
  return taken;
}

function ticketsTaken(target: CancelTarget): number {
  if (target.by === 'newest') return target.quantity;
  return target.by === 'tickets' ? target.ticketIds.length : ALL;
}
