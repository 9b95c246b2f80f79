import type { Outcome, PrintedTicket } from '../../../src/allocation/core/outcomes.js';
import { byName, type Summary } from './reference-model.js';

type OutcomeOf<Kind extends Outcome['kind']> = Outcome & { readonly kind: Kind };

type Summarisers = { readonly [Kind in Outcome['kind']]: (outcome: OutcomeOf<Kind>) => Summary };

const SUMMARISERS: Summarisers = {
  booked: ({ booking, tickets }) => {
    return { kind: 'booked', person: booking.userId, seats: seatsOn(tickets) };
  },
  cancelled: ({ userId, tickets }) => {
    return { kind: 'cancelled', person: userId, seats: seatsOn(tickets).sort(byName) };
  },
  held: ofHold,
  released: ofHold,
  waitlisted: ({ position }) => ({ kind: 'waitlisted', position }),
  left: ofEntry,
  declined: ofEntry,
  resized: ofSection,
  configured: ofSection,
  opened: ofSection,
  closed: ofSection,
  swept: ({ expired }) => ({ kind: 'swept', expired }),
  voided: (outcome) => outcome,
  refused: (outcome) => outcome,
};

/** An outcome as the reference model would report it. */
export function summarise<Kind extends Outcome['kind']>(outcome: OutcomeOf<Kind>): Summary {
  return SUMMARISERS[outcome.kind](outcome);
}

const seatsOn = (tickets: readonly PrintedTicket[]) => tickets.map(({ seatId }) => seatId);

function ofHold({ kind, hold }: OutcomeOf<'held' | 'released'>): Summary {
  const seats = Array.from({ length: hold.quantity }, (_, index) => hold.seatIds[index] ?? null);
  return { kind, person: hold.userId, seats };
}

function ofEntry({ kind, entry }: OutcomeOf<'left' | 'declined'>): Summary {
  const { userId: person, quantity, status } = entry;
  return { kind, person, quantity, status };
}

function ofSection(outcome: OutcomeOf<'resized' | 'configured' | 'opened' | 'closed'>): Summary {
  const { available, waiting } = outcome.section;
  return { kind: outcome.kind, available, waiting };
}

/** The name under which an outcome is counted. */
export function codeOf(outcome: Outcome): string {
  if (outcome.kind !== 'refused') return outcome.kind;
  const { refusal } = outcome;
  return 'per' in refusal ? `${refusal.code} per ${refusal.per}` : refusal.code;
}
