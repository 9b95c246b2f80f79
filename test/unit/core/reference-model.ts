import type { OnSoldOut } from '../../../src/allocation/core/commands.js';
import type { Refusal } from '../../../src/allocation/core/refusals.js';
import type { Sales } from '../../../src/allocation/core/state/locked-section.js';
import type { SectionRules } from '../../../src/allocation/core/state/section-rules.js';
import { RULES } from '../support/box-office.js';

/** What a command did, in a form that both implementations can produce. */
export type Summary =
  | { kind: 'booked' | 'cancelled' | 'held' | 'released'; person: string; seats: ModelSeats }
  | { kind: 'waitlisted'; position: number }
  | { kind: 'left' | 'declined'; person: string; quantity: number; status: string }
  | { kind: 'swept'; expired: number }
  | { kind: 'voided'; ended: number }
  | { kind: 'resized' | 'configured' | 'opened' | 'closed'; available: number; waiting: number }
  | { kind: 'refused'; refusal: Refusal };

/** One for each place; null in a section without seats. */
export type ModelSeats = readonly (string | null)[];

/** Things are numbered in the order in which they were added; -1 does not exist. */
export type ModelTarget =
  | { readonly by: 'all' }
  | { readonly by: 'newest'; readonly quantity: number }
  | { readonly by: 'tickets'; readonly tickets: readonly number[] }
  | { readonly by: 'booking'; readonly booking: number; readonly quantity: number | undefined };

export interface ModelTicket {
  readonly booking: number;
  readonly person: string;
  readonly seat: string | null;
  booked: boolean;
}

export interface ModelBooking {
  readonly person: string;
  readonly entry: number | null;
  readonly hold: number | null;
}

export interface ModelHold {
  readonly person: string;
  readonly seats: ModelSeats;
  readonly until: number;
  readonly ttl: number;
  readonly entry: number | null;
  status: 'HELD' | 'CONFIRMED' | 'RELEASED' | 'EXPIRED';
}

export interface ModelEntry {
  readonly person: string;
  readonly quantity: number;
  status: 'WAITING' | 'OFFERED' | 'PROMOTED' | 'LEFT' | 'VOIDED' | 'DECLINED' | 'EXPIRED';
}

export interface ModelSeat {
  readonly id: string;
  readonly position: number;
}

export interface ModelRequest {
  readonly person: string;
  readonly quantity: number;
  readonly seats: readonly string[] | undefined;
}

/** Chooses seats among the free ones; `best` is the choice of the model. */
export type Choose = (best: readonly string[], free: readonly string[]) => readonly string[];

/** One section, as simple as possible: no counters, no windows, no batches. */
export class ReferenceModel {
  readonly tickets: ModelTicket[] = [];
  readonly bookings: ModelBooking[] = [];
  readonly holds: ModelHold[] = [];
  readonly entries: ModelEntry[] = [];
  now = 0;
  private expired = 0;

  /** @param event the sections of the event, including this one */
  constructor(
    private readonly event: readonly ReferenceModel[],
    public capacity: number,
    readonly seats: readonly ModelSeat[] | undefined,
    public rules: SectionRules,
    public sales: Sales,
  ) {}

  /** An event of one section with default rules. */
  static alone(capacity: number): ReferenceModel {
    const event: ReferenceModel[] = [];
    const model = new ReferenceModel(event, capacity, undefined, RULES, 'OPEN');
    event.push(model);
    return model;
  }

  choose: Choose = (best) => best;

  get waiting(): ModelEntry[] {
    return this.entries.filter((entry) => entry.status === 'WAITING');
  }

  get held(): ModelHold[] {
    return this.holds.filter((hold) => hold.status === 'HELD');
  }

  get booked(): ModelTicket[] {
    return this.tickets.filter((ticket) => ticket.booked);
  }

  get available(): number {
    return this.capacity - this.booked.length - this.held.flatMap((hold) => hold.seats).length;
  }

  get freeSeats(): string[] {
    const taken = new Set([
      ...this.booked.map((t) => t.seat),
      ...this.held.flatMap((h) => h.seats),
    ]);
    return (this.seats ?? []).map((seat) => seat.id).filter((id) => !taken.has(id));
  }

  /** The overdue holds, by expiry. */
  get overdue(): ModelHold[] {
    return this.held.filter(({ until }) => until <= this.now).sort((a, b) => a.until - b.until);
  }

  /**
   * Starts a batch: the overdue holds end first, at most `countMax` of them and those that concern the
   * batch.
   */
  begin(countMax = Infinity, isConcerned = (_: number): boolean => false): void {
    this.expired = 0;
    const ended = this.overdue.filter((hold, nth) => {
      return nth < countMax || isConcerned(this.holds.indexOf(hold));
    });
    for (const hold of ended) {
      hold.status = 'EXPIRED';
      this.expired += 1;
      if (hold.entry !== null) this.entries[hold.entry]!.status = 'EXPIRED';
    }
    if (this.expired > 0) this.promote();
  }

  book(request: ModelRequest, onSoldOut: OnSoldOut): Summary {
    const { person, quantity, seats } = request;
    const reason = this.refusalOf(request);
    if (reason !== undefined) return refused(reason);
    if (this.isFree(quantity)) {
      return this.give(person, seats ?? this.pick(quantity), { entry: null, hold: null });
    }
    if (onSoldOut === 'refuse' || seats !== undefined || !this.rules.waitlistEnabled) {
      return refused({ code: 'sold_out', requested: quantity });
    }
    if (this.openEntry(person) !== undefined) return refused({ code: 'already_waiting' });
    const max = this.rules.waitlistMax;
    if (max !== null && this.waiting.length >= max) return refused({ code: 'waitlist_full', max });
    this.entries.push({ person, quantity, status: 'WAITING' });
    return { kind: 'waitlisted', position: this.waiting.length };
  }

  hold(request: ModelRequest, ttl: number): Summary {
    const { person, quantity } = request;
    const reason = this.refusalOf(request);
    if (reason !== undefined) return refused(reason);
    if (!this.isFree(quantity)) return refused({ code: 'sold_out', requested: quantity });
    const chosen = request.seats && this.freeSeats.filter((id) => request.seats!.includes(id));
    const seats = chosen ?? this.pick(quantity);
    this.keep(person, seats, ttl, null);
    return { kind: 'held', person, seats };
  }

  confirm(number: number): Summary {
    const hold = this.holds[number];
    if (hold?.status !== 'HELD') return refused(noSuchHold(hold));
    if (this.sales === 'CLOSED') return refused({ code: 'event_not_on_sale' });
    hold.status = 'CONFIRMED';
    if (hold.entry !== null) this.entries[hold.entry]!.status = 'PROMOTED';
    return this.give(hold.person, hold.seats, { entry: hold.entry, hold: number });
  }

  release(number: number): Summary {
    const hold = this.holds[number];
    if (hold?.status !== 'HELD') return refused(noSuchHold(hold));
    this.letGo(hold, 'DECLINED');
    this.promote();
    return { kind: 'released', person: hold.person, seats: hold.seats };
  }

  cancel(person: string, target: ModelTarget): Summary {
    const tickets = this.booked.filter((ticket) => ticket.person === person);
    const entry = this.openEntry(person);
    if (target.by === 'newest' && tickets.length === 0 && entry !== undefined) {
      return this.leaveWaitlist(entry);
    }
    return this.cancelSome(tickets, target);
  }

  cancelBooking(booking: number, target: ModelTarget): Summary {
    const all = this.booked.filter((ticket) => ticket.booking === booking);
    return this.cancelSome(all, all.length === 0 ? { by: 'all' } : target);
  }

  releaseSeat(person: string, seat: string): Summary {
    const tickets = this.booked.filter((one) => one.person === person && one.seat === seat);
    return tickets.length > 0 ? this.free(tickets) : refused({ code: 'ticket_not_found' });
  }

  leave(number: number): Summary {
    const entry = this.entries[number];
    if (entry?.status !== 'WAITING' && entry?.status !== 'OFFERED') {
      return refused({ code: 'entry_not_found' });
    }
    return this.leaveWaitlist(entry);
  }

  accept(number: number): Summary {
    const status = this.entries[number]?.status;
    if (status !== 'OFFERED') return refused(noOffer(status));
    return this.confirm(this.holds.findLastIndex((hold) => hold.entry === number));
  }

  decline(number: number): Summary {
    const entry = this.entries[number];
    if (entry?.status !== 'OFFERED') return refused(noOffer(entry?.status));
    return this.leaveWaitlist(entry);
  }

  resize(capacity: number): Summary {
    const sold = this.capacity - this.available;
    if (this.seats !== undefined) return refused({ code: 'section_seated' });
    if (capacity < sold) return refused({ code: 'capacity_below_sold', requested: capacity, sold });
    this.capacity = capacity;
    for (const entry of this.waiting) if (entry.quantity > capacity) entry.status = 'VOIDED';
    this.promote();
    return { kind: 'resized', ...this.summary };
  }

  configure(rules: Partial<SectionRules>): Summary {
    this.rules = { ...this.rules, ...rules };
    this.promote();
    return { kind: 'configured', ...this.summary };
  }

  open(): Summary {
    this.sales = 'OPEN';
    this.promote();
    return { kind: 'opened', ...this.summary };
  }

  close(): Summary {
    this.sales = 'CLOSED';
    return { kind: 'closed', ...this.summary };
  }

  sweep(): Summary {
    return { kind: 'swept', expired: this.expired };
  }

  /** @param chunk how many of each kind end at once */
  voidRemaining(chunk: number): Summary {
    const live = [...new Set(this.booked.map((ticket) => ticket.booking))].slice(0, chunk);
    const holds = this.held.filter(({ until }) => until > this.now).slice(0, chunk);
    const waiting = this.waiting.slice(0, chunk);
    for (const ticket of this.booked) if (live.includes(ticket.booking)) ticket.booked = false;
    for (const hold of holds) this.letGo(hold, 'VOIDED');
    for (const entry of waiting) entry.status = 'VOIDED';
    const ended = this.expired + live.length + holds.length + waiting.length;
    return { kind: 'voided', ended };
  }

  /** Places of a person in this section: booked, held and not overdue, waited for. */
  placesOf(person: string): number {
    const isTheirs = (row: { readonly person: string }) => row.person === person;
    const held = this.held.filter((hold) => isTheirs(hold) && hold.until > this.now);
    return (
      this.booked.filter(isTheirs).length +
      held.flatMap((hold) => hold.seats).length +
      this.waiting.filter(isTheirs).reduce((sum, { quantity }) => sum + quantity, 0)
    );
  }

  private get summary() {
    return { available: this.available, waiting: this.waiting.length };
  }

  private refusalOf({ person, quantity: requested, seats }: ModelRequest): Refusal | undefined {
    const { capacity } = this;
    const { maxPerBooking, maxPerPerson } = this.rules;
    if (this.sales === 'CLOSED') return { code: 'event_not_on_sale' };
    if (requested > capacity) return { code: 'exceeds_capacity', requested, capacity };
    if (maxPerBooking !== null && requested > maxPerBooking) {
      return { code: 'limit_exceeded', requested, limit: maxPerBooking, per: 'booking' };
    }
    const has = this.event.reduce((sum, section) => sum + section.placesOf(person), 0);
    if (maxPerPerson !== null && has + requested > maxPerPerson) {
      return { code: 'limit_exceeded', requested, limit: maxPerPerson, per: 'person', has };
    }
    return seats && this.seatRefusalOf(seats);
  }

  private seatRefusalOf(wanted: readonly string[]): Refusal | undefined {
    if (this.seats === undefined) return { code: 'section_not_seated' };
    const all = this.seats.map((seat) => seat.id);
    const unknown = wanted.filter((id) => !all.includes(id));
    const taken = wanted.filter((id) => !this.freeSeats.includes(id));
    if (unknown.length > 0) return { code: 'seat_not_found', seatIds: unknown };
    return taken.length > 0 ? { code: 'seat_taken', seatIds: taken } : undefined;
  }

  private isFree(quantity: number): boolean {
    const isFirst = this.waiting.length === 0 || this.rules.fit === 'skip';
    return isFirst && quantity <= this.available;
  }

  private openEntry(person: string): ModelEntry | undefined {
    return this.entries.find(
      (entry) => entry.person === person && ['WAITING', 'OFFERED'].includes(entry.status),
    );
  }

  private cancelSome(tickets: readonly ModelTicket[], target: ModelTarget): Summary {
    if (target.by === 'tickets') {
      const chosen = tickets.filter((ticket) =>
        target.tickets.includes(this.tickets.indexOf(ticket)),
      );
      const isComplete = chosen.length === new Set(target.tickets).size;
      return isComplete ? this.free(chosen) : refused({ code: 'ticket_not_found' });
    }
    const meant =
      target.by === 'booking' ? tickets.filter((t) => t.booking === target.booking) : tickets;
    const requested = (target.by === 'all' ? undefined : target.quantity) ?? meant.length;
    if (meant.length === 0) return refused({ code: 'booking_not_found' });
    if (requested > meant.length) {
      return refused({ code: 'quantity_exceeds_booking', requested, held: meant.length });
    }
    return this.free(meant.slice(-requested));
  }

  private free(tickets: readonly ModelTicket[]): Summary {
    for (const ticket of tickets) ticket.booked = false;
    this.promote();
    const seats = tickets.map((ticket) => ticket.seat).sort(byName);
    return { kind: 'cancelled', person: tickets[0]!.person, seats };
  }

  private leaveWaitlist(entry: ModelEntry): Summary {
    const number = this.entries.indexOf(entry);
    const offer = this.held.find((hold) => hold.entry === number);
    if (offer === undefined) entry.status = 'LEFT';
    else this.letGo(offer, 'DECLINED');
    this.promote();
    const kind = offer === undefined ? 'left' : 'declined';
    return { kind, person: entry.person, quantity: entry.quantity, status: entry.status };
  }

  private letGo(hold: ModelHold, entryEnds: 'DECLINED' | 'VOIDED'): void {
    hold.status = 'RELEASED';
    if (hold.entry !== null) this.entries[hold.entry]!.status = entryEnds;
  }

  private promote(): void {
    for (;;) {
      const next = this.nextEntry();
      if (next === undefined || this.sales === 'CLOSED') return;
      const { person, quantity } = next;
      const entry = this.entries.indexOf(next);
      const seats = this.pick(quantity);
      next.status = this.rules.mode === 'auto' ? 'PROMOTED' : 'OFFERED';
      if (this.rules.mode === 'auto') this.give(person, seats, { entry, hold: null });
      else this.keep(person, seats, this.rules.offerTtlSeconds, entry);
    }
  }

  private nextEntry(): ModelEntry | undefined {
    const candidates = this.rules.fit === 'skip' ? this.waiting : this.waiting.slice(0, 1);
    return candidates.find((entry) => entry.quantity <= this.available);
  }

  private give(
    person: string,
    seats: ModelSeats,
    from: Pick<ModelBooking, 'entry' | 'hold'>,
  ): Summary {
    const booking = this.bookings.push({ person, ...from }) - 1;
    for (const seat of seats) this.tickets.push({ booking, person, seat, booked: true });
    return { kind: 'booked', person, seats };
  }

  private keep(person: string, seats: ModelSeats, ttl: number, entry: number | null): void {
    this.holds.push({ person, seats, until: this.now + ttl, ttl, entry, status: 'HELD' });
  }

  private pick(quantity: number): ModelSeats {
    if (this.seats === undefined) return Array.from({ length: quantity }, () => null);
    const free = this.freeSeats;
    const position = new Map(this.seats.map((seat) => [seat.id, seat.position]));
    const runs = free.map((_, start) => free.slice(start, start + quantity));
    const isRow = (run: readonly string[]) =>
      run.length === quantity &&
      run.every((id, index) => position.get(id) === position.get(run[0]!)! + index);
    const adjacent = runs.find(isRow);
    return this.choose(adjacent ?? free.slice(0, quantity), free);
  }
}

function noSuchHold(hold: ModelHold | undefined): Refusal {
  if (hold?.status === 'CONFIRMED') return { code: 'hold_confirmed' };
  if (hold?.status === 'RELEASED') return { code: 'hold_released' };
  return hold?.status === 'EXPIRED' ? { code: 'hold_expired' } : { code: 'hold_not_found' };
}

function noOffer(status: ModelEntry['status'] | undefined): Refusal {
  if (status === 'WAITING') return { code: 'not_offered' };
  return status === 'EXPIRED' ? { code: 'offer_expired' } : { code: 'entry_not_found' };
}

/** Tickets that are cancelled together have no order. */
export const byName = (a: string | null, b: string | null): number =>
  (a ?? '').localeCompare(b ?? '');

const refused = (refusal: Refusal): Summary => ({ kind: 'refused', refusal });
