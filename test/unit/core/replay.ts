import assert from 'node:assert/strict';
import type { Message } from '../../../src/allocation/core/section-state.js';
import type { SectionRow } from '../../../src/allocation/core/state/locked-section.js';
import type { Fit, SectionRules } from '../../../src/allocation/core/state/section-rules.js';

interface Payload extends Partial<SectionRules> {
  readonly entryId: string;
  readonly quantity: number;
  readonly waitlistEntryId: string | null;
  readonly holdId: string | null;
  readonly ended: boolean;
  readonly capacity: number;
}

/**
 * Lives the history of a section again from its messages alone. Whatever the rows say in the end, an
 * overtaking or an oversell on the way is seen here.
 */
export class Replay {
  booked = 0;
  held = 0;
  bookings = 0;
  version = 0;
  private readonly line = new Map<string, number>();
  private capacity: number;
  private fit: Fit;
  private isOpen: boolean;

  constructor({ capacity, rules, sales }: SectionRow) {
    this.capacity = capacity;
    this.fit = rules.fit;
    this.isOpen = sales === 'OPEN';
  }

  get available(): number {
    return this.capacity - this.booked - this.held;
  }

  get waiting(): number {
    return this.line.size;
  }

  live({ type, sequence, payload: untyped }: Message): void {
    const payload = untyped as unknown as Payload;
    this.version += 1;
    assert.equal(sequence, this.version, 'the messages have gaps');
    this.take(type, payload);
    assert.ok(this.available >= 0, 'places were sold twice');
  }

  private take(type: Message['type'], payload: Payload): void {
    if (type.startsWith('section.')) this.set(type, payload);
    else if (type.startsWith('waitlist.')) this.moveLine(type, payload);
    else this.movePlaces(type, payload);
  }

  private movePlaces(type: Message['type'], payload: Payload): void {
    const { quantity, holdId, ended } = payload;
    if (type === 'booking.confirmed') {
      if (holdId === null) this.checkTurn(payload);
      else this.held -= quantity;
      this.booked += quantity;
      this.bookings += 1;
    } else if (type === 'booking.cancelled') {
      this.booked -= quantity;
      this.bookings -= ended ? 1 : 0;
    } else if (type === 'hold.created') {
      this.checkTurn(payload);
      this.held += quantity;
    } else if (type !== 'hold.confirmed') {
      this.held -= quantity;
    }
  }

  private moveLine(type: Message['type'], { entryId, quantity, holdId }: Payload): void {
    if (type === 'waitlist.joined') {
      this.line.set(entryId, quantity);
      return;
    }
    // Whoever is offered places waits no longer, whatever he does about it.
    const hadOffer = type !== 'waitlist.offered' && holdId !== null;
    assert.equal(this.line.delete(entryId), !hadOffer, 'only who waits can leave the line');
  }

  private set(type: Message['type'], { capacity, fit }: Payload): void {
    if (type === 'section.resized') this.capacity = capacity;
    if (type === 'section.configured') this.fit = fit ?? this.fit;
    if (type === 'section.opened') this.isOpen = true;
    if (type === 'section.closed') this.isOpen = false;
  }

  /** Free places are given to somebody: was it his turn? */
  private checkTurn({ waitlistEntryId, quantity }: Payload): void {
    assert.ok(this.isOpen, 'places were given away while sales were closed');
    assert.ok(quantity <= this.available, 'more places were given away than were free');
    const all = [...this.line];
    const [first] =
      this.fit === 'strict' ? all : all.filter(([, wants]) => wants <= this.available);
    if (waitlistEntryId !== null) assert.equal(waitlistEntryId, first?.[0], 'it was not his turn');
    else assert.equal(first, undefined, 'a newcomer overtook the line');
  }
}
