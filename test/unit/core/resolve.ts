import type {
  BookingTarget,
  CancelTarget,
  Command,
} from '../../../src/allocation/core/commands.js';
import type { Table, Tables } from '../support/tables.js';
import type { ModelEntry, ModelTarget, ReferenceModel, Told } from './reference-model.js';
import { PEOPLE, type Pick, type Step, type Who } from './steps.js';
import type { Place } from './world.js';

const NEVER_MADE = 'id-unknown';

/** A command to the rules, and the same to the model. */
export interface Question {
  readonly command: Command;
  readonly askModel: () => Told;
}

type StepOf<Kind extends Step['kind']> = Step & { readonly kind: Kind };

/** Gives the people and things in a step their names, in the rules and in the model. */
export function resolve(tables: Tables, place: Place, planned: Step, voidChunk: number): Question {
  const step = sensible(place.model, planned);
  if (step.kind === 'book' || step.kind === 'hold') return placesWanted(place, step);
  if (step.kind === 'cancelBooking') return bookingCancel(tables, place, step);
  if ('hold' in step) return ofHold(tables, place, step);
  if ('entry' in step) return ofEntry(tables, place, step);
  if ('who' in step) return ownCancel(tables, place, step);
  return settings(place, step, voidChunk);
}

function ofHold(
  tables: Tables,
  place: Place,
  { kind, hold }: StepOf<'confirm' | 'release'>,
): Question {
  const { sectionId, model } = place;
  const number = numberMeant(model.holds, ({ status }) => status === 'HELD', hold);
  const holdId = idOf(tables.holds, sectionId, number);
  return { command: { kind, sectionId, holdId }, askModel: () => model[kind](number) };
}

function ofEntry(
  tables: Tables,
  { sectionId, model }: Place,
  { kind, entry }: StepOf<'leave' | 'accept' | 'decline'>,
): Question {
  const isLikely = (status: string) => {
    return status === 'OFFERED' || (kind === 'leave' && status === 'WAITING');
  };
  const number = numberMeant(model.entries, ({ status }) => isLikely(status), entry);
  const entryId = idOf(tables.entries, sectionId, number);
  return { command: { kind, sectionId, entryId }, askModel: () => model[kind](number) };
}

/**
 * Whoever would have to name what there is not yet, books instead, most of the time; and sooner or
 * later somebody opens again what was closed.
 */
function sensible(model: ReferenceModel, step: Step): Step {
  if (model.sales === 'CLOSED' && 'who' in step && step.who.nth < 2) {
    return { kind: 'open', section: step.section };
  }
  const picks = picksOf(step);
  const isSensible = picks.length > 0 && picks.every(({ among }) => among === 'likely');
  if (!isSensible || hasAny(model, step)) return step;
  const { section } = step;
  const { nth } = picks[0]!;
  const quantity = 1 + (nth % 2);
  const who = { is: 'anyone', nth } as const;
  if (step.kind === 'hold') return { ...step, seats: [] };
  return { kind: 'book', section, who, quantity, seats: [], onSoldOut: 'wait' };
}

function picksOf(step: Step): readonly Pick[] {
  if ('seats' in step) return step.seats;
  if ('hold' in step) return [step.hold];
  if ('entry' in step) return [step.entry];
  if ('booking' in step) return [step.booking];
  if ('seat' in step) return [step.seat];
  if ('tickets' in step) return step.tickets;
  return 'who' in step ? [{ among: 'likely', nth: step.who.nth }] : [];
}

/** Whether there is anything of the kind that the step would have to name. */
function hasAny(model: ReferenceModel, step: Step): boolean {
  const isOpen = ({ status }: ModelEntry) => {
    return status === 'OFFERED' || (step.kind === 'leave' && status === 'WAITING');
  };
  if ('seats' in step || 'seat' in step) return model.seats !== undefined;
  if ('hold' in step) return model.held.length > 0;
  return 'entry' in step ? model.entries.some(isOpen) : model.booked.length > 0;
}

function settings(
  { sectionId, model }: Place,
  step: StepOf<'resize' | 'configure' | 'expire' | 'open' | 'close' | 'voidRemaining'>,
  voidChunk: number,
): Question {
  switch (step.kind) {
    case 'resize': {
      const { capacity } = step;
      const askModel = () => model.resize(capacity);
      return { command: { kind: 'resize', sectionId, capacity }, askModel };
    }
    case 'configure': {
      const { rules } = step;
      return {
        command: { kind: 'configure', sectionId, rules },
        askModel: () => model.configure(rules),
      };
    }
    case 'voidRemaining':
      // Only what is closed is wound up.
      if (model.sales === 'OPEN') {
        return { command: { kind: 'close', sectionId }, askModel: () => model.close() };
      }
      return {
        command: { kind: 'voidRemaining', sectionId },
        askModel: () => model.voidRemaining(voidChunk),
      };
    case 'expire':
    case 'open':
    case 'close': {
      const { kind } = step;
      return { command: { kind, sectionId }, askModel: () => model[kind]() };
    }
  }
}

function placesWanted(place: Place, step: StepOf<'book' | 'hold'>): Question {
  const { sectionId, model } = place;
  const person = personMeant(model, step.who);
  const free = model.freeSeats;
  const named = [...new Set(step.seats.map((pick) => seatMeant(place, free, pick)))];
  const seats = named.length > 0 ? named : undefined;
  const quantity = seats?.length ?? step.quantity;
  const wish = { person, quantity, seats };
  const wanted = { sectionId, userId: person, quantity, seatIds: seats };
  if (step.kind === 'hold') {
    const { ttlSeconds } = step;
    const askModel = () => model.hold(wish, ttlSeconds);
    return { command: { kind: 'hold', ...wanted, ttlSeconds }, askModel };
  }
  const { onSoldOut } = step;
  const askModel = () => model.book(wish, onSoldOut);
  return { command: { kind: 'book', ...wanted, onSoldOut }, askModel };
}

function ownCancel(
  tables: Tables,
  place: Place,
  step: StepOf<'cancelNewest' | 'cancelTickets' | 'cancelOwnBooking' | 'releaseSeat'>,
): Question {
  const { sectionId, model } = place;
  const userId = personMeant(model, step.who);
  const ask = (target: CancelTarget, modelTarget: ModelTarget): Question => ({
    command: { kind: 'cancel', sectionId, userId, target },
    askModel: () => model.cancel(userId, modelTarget),
  });
  switch (step.kind) {
    case 'releaseSeat': {
      const own = model.booked.filter(({ person }) => person === userId);
      const likely = own.map(({ seat }) => seat ?? NEVER_MADE);
      const seatId = seatMeant(place, likely, step.seat);
      const askModel = () => model.releaseSeat(userId, seatId);
      return { command: { kind: 'releaseSeat', sectionId, userId, seatId }, askModel };
    }
    case 'cancelNewest': {
      const target = { by: 'newest', quantity: step.quantity } as const;
      return ask(target, target);
    }
    case 'cancelTickets': {
      const { target, modelTarget } = ticketsMeant(tables, place, step.tickets, (ticket) => {
        return ticket.person === userId;
      });
      return ask(target, modelTarget);
    }
    case 'cancelOwnBooking': {
      const { quantity } = step;
      const booking = bookingMeant(model, step.booking, userId);
      const bookingId = idOf(tables.bookings, sectionId, booking);
      return ask({ by: 'booking', bookingId, quantity }, { by: 'booking', booking, quantity });
    }
  }
}

function bookingCancel(tables: Tables, place: Place, step: StepOf<'cancelBooking'>): Question {
  const { sectionId, model } = place;
  const { quantity, tickets } = step;
  const booking = bookingMeant(model, step.booking);
  const bookingId = idOf(tables.bookings, sectionId, booking);
  const ask = (target: BookingTarget, modelTarget: ModelTarget): Question => ({
    command: { kind: 'cancelBooking', sectionId, bookingId, target },
    askModel: () => model.cancelBooking(booking, modelTarget),
  });
  if (tickets.length > 0) {
    const meant = ticketsMeant(tables, place, tickets, (ticket) => ticket.booking === booking);
    return ask(meant.target, meant.modelTarget);
  }
  if (quantity === undefined) return ask({ by: 'all' }, { by: 'all' });
  return ask({ by: 'newest', quantity }, { by: 'newest', quantity });
}

function ticketsMeant(
  tables: Tables,
  { sectionId, model }: Place,
  picks: readonly Pick[],
  isLikely: (ticket: ReferenceModel['tickets'][number]) => boolean,
) {
  const numbers = picks.map((pick) =>
    numberMeant(model.tickets, (ticket) => ticket.booked && isLikely(ticket), pick),
  );
  const ticketIds = numbers.map((number) => idOf(tables.tickets, sectionId, number));
  return {
    target: { by: 'tickets', ticketIds },
    modelTarget: { by: 'tickets', tickets: numbers },
  } as const;
}

function personMeant(model: ReferenceModel, { is, nth }: Who): string {
  const open = model.entries.filter(({ status }) => status === 'WAITING' || status === 'OFFERED');
  const candidates = { anyone: [], holder: model.booked, waiter: open }[is];
  return candidates[nth % candidates.length]?.person ?? PEOPLE[nth]!;
}

function bookingMeant(model: ReferenceModel, pick: Pick, person?: string): number {
  const tickets = model.booked.filter((one) => person === undefined || one.person === person);
  const live = new Set(tickets.map(({ booking }) => booking));
  return numberMeant(model.bookings, (_, number) => live.has(number), pick);
}

function seatMeant({ sectionId, model }: Place, likely: readonly string[], pick: Pick): string {
  const all = (model.seats ?? []).map(({ id }) => id);
  const candidates = { likely, all, unknown: [] }[pick.among];
  return candidates[pick.nth % candidates.length] ?? `${sectionId}-nowhere-${pick.nth}`;
}

/** The number of one of the things that were made; -1 for one that never was. */
function numberMeant<T>(
  made: readonly T[],
  isLikely: (one: T, number: number) => boolean,
  { among, nth }: Pick,
): number {
  if (among === 'unknown') return -1;
  const all = [...made.keys()];
  const eligible = among === 'all' ? all : all.filter((number) => isLikely(made[number]!, number));
  return eligible[nth % eligible.length] ?? -1;
}

const idOf = (table: Table<{ readonly id: string }>, sectionId: string, number: number): string =>
  table.of(sectionId)[number]?.id ?? NEVER_MADE;
