import assert from 'node:assert/strict';
import type { BookingsRepository } from '../../../src/bookings/bookings.repository.js';
import { BatchLoader } from '../../../src/bookings/batch-loader.js';
import type { BookingRequest } from '../../../src/bookings/booking-request.js';
import { apply } from '../../../src/bookings/core/apply.js';
import type { CancelTarget, Command, Outcome } from '../../../src/bookings/core/commands.js';
import type { Desk, Surroundings } from '../../../src/bookings/core/desk.js';
import type { SectionRow } from '../../../src/inventory/core/locked-section.js';
import type { SectionsRepository } from '../../../src/inventory/index.js';
import type { Transaction } from '../../../src/platform/index.js';
import type { UsersRepository } from '../../../src/users/index.js';
import type { WaitlistRepository } from '../../../src/waitlist/index.js';
import { checkSection, type Tally, tallyOf } from './invariants.js';
import { type ModelTarget, ReferenceModel, type Told } from './reference-model.js';
import { PEOPLE, type Pick, type Step, type Story, type Who } from './steps.js';
import { Tables } from './tables.js';

const NOT_NEEDED = {} as Transaction;
const NEVER_MADE = 'id-unknown';
/** Whether a command was sent before is not the business of the rules. */
const FIRST_ATTEMPT = { claim: undefined };

interface Place {
  readonly sectionId: string;
  readonly model: ReferenceModel;
}

/** Runs the same story on the rules, batch by batch, and on the reference model, and compares. */
export class World {
  readonly tables = new Tables();
  /** How often each kind of outcome, refusal and message was met. */
  readonly met: Tally = new Map();
  private readonly places: readonly Place[];
  private readonly loader: BatchLoader;
  private idsMade = 0;

  private readonly surroundings: Surroundings = {
    now: new Date('2026-01-01T00:00:00Z'),
    // Like our UUIDs: who is made later sorts later.
    newId: () => `id-${String((this.idsMade += 1)).padStart(6, '0')}`,
  };

  constructor(capacities: Story['capacities']) {
    this.places = capacities.map((capacity, index) => {
      const sectionId = `section-${index}`;
      this.tables.sections.insert(emptySection(sectionId, capacity));
      return { sectionId, model: new ReferenceModel(capacity) };
    });
    this.loader = new BatchLoader(
      this.tables.sectionsRepository as SectionsRepository,
      this.tables.usersRepository as UsersRepository,
      this.tables.waitlistRepository as WaitlistRepository,
      this.tables.bookingsRepository as BookingsRepository,
    );
  }

  static async play(story: Story): Promise<World> {
    const world = new World(story.capacities);
    for (const batch of story.batches) await world.runBatch(batch);
    return world;
  }

  private async runBatch(steps: readonly Step[]): Promise<void> {
    const questions = steps.map((step) => this.resolve(step));
    const requests = questions.map(({ request }) => request);
    const { desks } = await this.loader.load(NOT_NEEDED, requests, this.surroundings);
    for (const { request, askModel } of questions) {
      const { identifier, ...rest } = request;
      const command: Command = { ...rest, userId: identifier };
      this.decide(desks.get(command.sectionId)!, command, askModel);
    }
    const before = new Map(this.tables.sections.all.map((row) => [row.id, row]));
    for (const desk of desks.values()) this.tables.commit(desk);
    for (const { sectionId, model } of this.places) {
      checkSection(this.tables, before.get(sectionId)!, model);
    }
  }

  private decide(desk: Desk, command: Command, askModel: () => Told): void {
    const expected = askModel();
    const before = expected.kind === 'refused' ? stateOf(desk) : undefined;
    const messagesBefore = desk.messages.length;
    const told = tell(apply(desk, command));
    assert.deepEqual({ command, told }, { command, told: expected });
    const messages = desk.messages.slice(messagesBefore);
    if (before === undefined) assert.notEqual(messages.length, 0, 'a change was not told');
    else assert.deepEqual(stateOf(desk), before, 'a refusal changed something');
    tallyOf(this.met, told.kind === 'refused' ? told.refusal.code : told.kind);
    for (const { type } of messages) tallyOf(this.met, type);
  }

  /** Gives the people and things in a step their names, in the rules and in the model. */
  private resolve(step: Step): { request: BookingRequest; askModel: () => Told } {
    const { sectionId, model } = this.places[step.section]!;
    const identifier = personMeant(model, step.who);
    if (step.kind === 'book') {
      const { quantity, onSoldOut } = step;
      return {
        request: { kind: 'book', sectionId, identifier, quantity, onSoldOut, ...FIRST_ATTEMPT },
        askModel: () => model.book(identifier, quantity, onSoldOut),
      };
    }
    const { target, modelTarget } = this.targets(step, identifier);
    return {
      request: { kind: 'cancel', sectionId, identifier, target, ...FIRST_ATTEMPT },
      askModel: () => model.cancel(identifier, modelTarget),
    };
  }

  private targets(
    step: Exclude<Step, { kind: 'book' }>,
    person: string,
  ): { target: CancelTarget; modelTarget: ModelTarget } {
    const { sectionId, model } = this.places[step.section]!;
    switch (step.kind) {
      case 'cancelNewest': {
        const target = { by: 'newest', quantity: step.quantity } as const;
        return { target, modelTarget: target };
      }
      case 'cancelTickets': {
        const numbers = step.tickets.map((pick) => ticketNumber(model, person, pick));
        const rows = this.tables.ticketsOf(sectionId);
        const ticketIds = numbers.map((number) => rows[number]?.id ?? NEVER_MADE);
        return {
          target: { by: 'tickets', ticketIds },
          modelTarget: { by: 'tickets', tickets: numbers },
        };
      }
      case 'cancelBooking': {
        const { quantity } = step;
        const ticket = model.tickets[ticketNumber(model, person, step.booking)];
        const booking = ticket?.booking ?? -1;
        const rows = this.tables.bookings.all.filter((row) => row.sectionId === sectionId);
        return {
          target: { by: 'booking', bookingId: rows[booking]?.id ?? NEVER_MADE, quantity },
          modelTarget: { by: 'booking', booking, quantity },
        };
      }
    }
  }
}

function personMeant(model: ReferenceModel, { is, nth }: Who): string {
  const holders = model.tickets.filter((ticket) => ticket.booked);
  const candidates = { anyone: [], holder: holders, waiter: model.line }[is];
  return candidates[nth % candidates.length]?.person ?? PEOPLE[nth]!;
}

function ticketNumber(model: ReferenceModel, person: string, { among, nth }: Pick): number {
  const all = [...model.tickets.keys()];
  const isOwn = (number: number) => {
    const ticket = model.tickets[number]!;
    return ticket.booked && ticket.person === person;
  };
  const eligible = { own: all.filter(isOwn), all, unknown: [] }[among];
  return eligible[nth % eligible.length] ?? -1;
}

const emptySection = (id: string, capacity: number): SectionRow => ({
  id,
  eventId: 'event',
  sales: 'OPEN',
  capacity,
  booked: 0,
  held: 0,
  available: capacity,
  bookings: 0,
  waiting: 0,
  lastSeq: 0,
  version: 0,
});

const stateOf = ({ section, ledger, line, messages }: Desk) =>
  structuredClone([section.now, ledger.changes(), line.changes(), messages]);

function tell(outcome: Outcome): Told {
  switch (outcome.kind) {
    case 'booked':
    case 'cancelled':
      return { kind: outcome.kind, tickets: outcome.ticketIds.length };
    case 'waitlisted':
      return { kind: 'waitlisted', position: outcome.position };
    case 'left':
      return { kind: 'left', quantity: outcome.entry.quantity };
    case 'refused':
      return outcome;
  }
}
