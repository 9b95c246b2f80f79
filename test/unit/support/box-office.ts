import { apply } from '../../../src/bookings/core/apply.js';
import type { CancelTarget, OnSoldOut, Outcome } from '../../../src/bookings/core/commands.js';
import { Desk } from '../../../src/bookings/core/desk.js';
import { Ledger } from '../../../src/bookings/core/ledger.js';
import { LockedSection, type SectionRow } from '../../../src/inventory/core/locked-section.js';
import { Line } from '../../../src/waitlist/core/line.js';

export const sectionWith = (part: Partial<SectionRow> = {}): SectionRow => ({
  id: 'stalls',
  eventId: 'concert',
  sales: 'OPEN',
  capacity: 10,
  booked: 0,
  held: 0,
  available: part.capacity ?? 10,
  bookings: 0,
  waiting: 0,
  lastSeq: 0,
  version: 0,
  ...part,
});

const NEWEST: CancelTarget = { by: 'newest', quantity: 1 };

/** One section and its people, for examples that read like sentences. */
export class BoxOffice {
  readonly desk: Desk;
  private idsMade = 0;

  constructor(part: Partial<SectionRow> = {}) {
    const section = new LockedSection(sectionWith(part));
    const newId = () => `id-${String((this.idsMade += 1)).padStart(6, '0')}`;
    const surroundings = { now: new Date('2026-01-01T00:00:00Z'), newId };
    this.desk = new Desk(section, new Line(section, []), new Ledger(), surroundings);
  }

  /** What a refusal may not change. */
  get state(): unknown {
    const { section, ledger, line, messages } = this.desk;
    return structuredClone([section.now, ledger.changes(), line.changes(), messages]);
  }

  get now(): SectionRow {
    return this.desk.section.now;
  }

  get messageTypes(): string[] {
    return this.desk.messages.map((message) => message.type);
  }

  /** Number of booked tickets a person has. */
  ticketsOf(userId: string): number {
    return this.desk.ledger.ticketsOf(userId).length;
  }

  book(userId: string, quantity = 1, onSoldOut: OnSoldOut = 'wait'): Outcome {
    const sectionId = this.now.id;
    return apply(this.desk, { kind: 'book', sectionId, userId, quantity, onSoldOut });
  }

  /** Books where places are known to be free. */
  booked(userId: string, quantity = 1): Extract<Outcome, { kind: 'booked' }> {
    const outcome = this.book(userId, quantity);
    if (outcome.kind !== 'booked') throw new Error(`${userId} was ${outcome.kind}`);
    return outcome;
  }

  cancel(userId: string, target: CancelTarget = NEWEST): Outcome {
    return apply(this.desk, { kind: 'cancel', sectionId: this.now.id, userId, target });
  }
}
