import type {
  BookingTarget,
  CancelTarget,
  Command,
} from '../../../src/allocation/core/commands.js';
import type { Table, Tables } from '../support/tables.js';
import type { ModelEntry, ModelTarget, ReferenceModel, Summary } from './reference-model.js';
import { PEOPLE, type Pick, type Step, type Who } from './steps.js';
import type { SectionUnderTest } from './world.js';

const NEVER_MADE = 'id-unknown';

/** A command for the rules, and the same for the model. */
export interface ResolvedStep {
  readonly command: Command;
  readonly askModel: () => Summary;
}

type StepOf<Kind extends Step['kind']> = Step & { readonly kind: Kind };

/** Finds the people and things that a step names, in the rules and in the model. */
export function resolve(
  tables: Tables,
  tested: SectionUnderTest,
  planned: Step,
  voidChunk: number,
): ResolvedStep {
  const step = sensible(tested.model, planned);
  if (step.kind === 'book' || step.kind === 'hold') return placesWanted(tested, step);
  if (step.kind === 'cancelBooking') return bookingCancel(tables, tested, step);
  if ('hold' in step) return ofHold(tables, tested, step);
  if ('entry' in step) return ofEntry(tables, tested, step);
  if ('who' in step) return ownCancel(tables, tested, step);
  return settings(tested, step, voidChunk);
}

function ofHold(
  tables: Tables,
  tested: SectionUnderTest,
  { kind, hold }: StepOf<'confirm' | 'release'>,
): ResolvedStep {
  const { sectionId, model } = tested;
  const number = numberMeant(model.holds, ({ status }) => status === 'HELD', hold);
  const holdId = idOf(tables.holds, sectionId, number);
  return { command: { kind, sectionId, holdId }, askModel: () => model[kind](number) };
}

function ofEntry(
  tables: Tables,
  { sectionId, model }: SectionUnderTest,
  { kind, entry }: StepOf<'leave' | 'accept' | 'decline'>,
): ResolvedStep {
  const isLikely = (status: string) => {
    return status === 'OFFERED' || (kind === 'leave' && status === 'WAITING');
  };
  const number = numberMeant(model.entries, ({ status }) => isLikely(status), entry);
  const entryId = idOf(tables.entries, sectionId, number);
  return { command: { kind, sectionId, entryId }, askModel: () => model[kind](number) };
}

/**
 * Replaces a step that names something of a kind that does not exist yet by a booking, most of the
 * time; and opens a closed section sooner or later.
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

/** Whether anything exists of the kind that the step names. */
function hasAny(model: ReferenceModel, step: Step): boolean {
  const isOpen = ({ status }: ModelEntry) => {
    return status === 'OFFERED' || (step.kind === 'leave' && status === 'WAITING');
  };
  if ('seats' in step || 'seat' in step) return model.seats !== undefined;
  if ('hold' in step) return model.held.length > 0;
  return 'entry' in step ? model.entries.some(isOpen) : model.booked.length > 0;
}

function settings(
  { sectionId, model }: SectionUnderTest,
  step: StepOf<'resize' | 'configure' | 'sweep' | 'open' | 'close' | 'voidRemaining'>,
  voidChunk: number,
): ResolvedStep {
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
      // Only closed sections are voided.
      if (model.sales === 'OPEN') {
        return { command: { kind: 'close', sectionId }, askModel: () => model.close() };
      }
      return {
        command: { kind: 'voidRemaining', sectionId },
        askModel: () => model.voidRemaining(voidChunk),
      };
    case 'sweep':
    case 'open':
    case 'close': {
      const { kind } = step;
      return { command: { kind, sectionId }, askModel: () => model[kind]() };
    }
  }
}

function placesWanted(tested: SectionUnderTest, step: StepOf<'book' | 'hold'>): ResolvedStep {
  const { sectionId, model } = tested;
  const person = personMeant(model, step.who);
  const free = model.freeSeats;
  const named = [...new Set(step.seats.map((pick) => seatMeant(tested, free, pick)))];
  const seats = named.length > 0 ? named : undefined;
  const quantity = seats?.length ?? step.quantity;
  const request = { person, quantity, seats };
  const wanted = { sectionId, userId: person, quantity, seatIds: seats };
  if (step.kind === 'hold') {
    const { ttlSeconds } = step;
    const askModel = () => model.hold(request, ttlSeconds);
    return { command: { kind: 'hold', ...wanted, ttlSeconds }, askModel };
  }
  const { onSoldOut } = step;
  const askModel = () => model.book(request, onSoldOut);
  return { command: { kind: 'book', ...wanted, onSoldOut }, askModel };
}

function ownCancel(
  tables: Tables,
  tested: SectionUnderTest,
  step: StepOf<'cancelNewest' | 'cancelTickets' | 'cancelOwnBooking' | 'releaseSeat'>,
): ResolvedStep {
  const { sectionId, model } = tested;
  const userId = personMeant(model, step.who);
  const ask = (target: CancelTarget, modelTarget: ModelTarget): ResolvedStep => ({
    command: { kind: 'cancel', sectionId, userId, target },
    askModel: () => model.cancel(userId, modelTarget),
  });
  switch (step.kind) {
    case 'releaseSeat': {
      const own = model.booked.filter(({ person }) => person === userId);
      const likely = own.map(({ seat }) => seat ?? NEVER_MADE);
      const seatId = seatMeant(tested, likely, step.seat);
      const askModel = () => model.releaseSeat(userId, seatId);
      return { command: { kind: 'releaseSeat', sectionId, userId, seatId }, askModel };
    }
    case 'cancelNewest': {
      const target = { by: 'newest', quantity: step.quantity } as const;
      return ask(target, target);
    }
    case 'cancelTickets': {
      const { target, modelTarget } = ticketsMeant(tables, tested, step.tickets, (ticket) => {
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

function bookingCancel(
  tables: Tables,
  tested: SectionUnderTest,
  step: StepOf<'cancelBooking'>,
): ResolvedStep {
  const { sectionId, model } = tested;
  const { quantity, tickets } = step;
  const booking = bookingMeant(model, step.booking);
  const bookingId = idOf(tables.bookings, sectionId, booking);
  const ask = (target: BookingTarget, modelTarget: ModelTarget): ResolvedStep => ({
    command: { kind: 'cancelBooking', sectionId, bookingId, target },
    askModel: () => model.cancelBooking(booking, modelTarget),
  });
  if (tickets.length > 0) {
    const meant = ticketsMeant(tables, tested, tickets, (ticket) => ticket.booking === booking);
    return ask(meant.target, meant.modelTarget);
  }
  if (quantity === undefined) return ask({ by: 'all' }, { by: 'all' });
  return ask({ by: 'newest', quantity }, { by: 'newest', quantity });
}

function ticketsMeant(
  tables: Tables,
  { sectionId, model }: SectionUnderTest,
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

function seatMeant(
  { sectionId, model }: SectionUnderTest,
  likely: readonly string[],
  pick: Pick,
): string {
  const all = (model.seats ?? []).map(({ id }) => id);
  const candidates = { likely, all, unknown: [] }[pick.among];
  return candidates[pick.nth % candidates.length] ?? `${sectionId}-nowhere-${pick.nth}`;
}

/** The number of one of the things that were added; -1 for one that does not exist. */
function numberMeant<T>(
  added: readonly T[],
  isLikely: (item: T, number: number) => boolean,
  { among, nth }: Pick,
): number {
  if (among === 'unknown') return -1;
  const all = [...added.keys()];
  const eligible = among === 'all' ? all : all.filter((number) => isLikely(added[number]!, number));
  return eligible[nth % eligible.length] ?? -1;
}

const idOf = (table: Table<{ readonly id: string }>, sectionId: string, number: number): string =>
  table.of(sectionId)[number]?.id ?? NEVER_MADE;
