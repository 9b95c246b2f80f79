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
 * Replays the history of a section from its messages alone. It finds overselling and overtaking on the
 * way, whatever the rows say in the end.
 */
export class Replay {
  booked = 0;
  held = 0;
  bookings = 0;
  version = 0;
  private readonly waitlist = new Map<string, number>();
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
    return this.waitlist.size;
  }

  apply({ type, sequence, payload: untyped }: Message): void {
    const payload = untyped as unknown as Payload;
    this.version += 1;
    assert.equal(sequence, this.version, 'the messages have gaps');
    this.take(type, payload);
    assert.ok(this.available >= 0, 'more places are taken than there are');
  }

  private take(type: Message['type'], payload: Payload): void {
    if (type.startsWith('section.')) this.set(type, payload);
    else if (type.startsWith('waitlist.')) this.moveEntries(type, payload);
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

  private moveEntries(type: Message['type'], { entryId, quantity, holdId }: Payload): void {
    if (type === 'waitlist.joined') {
      this.waitlist.set(entryId, quantity);
      return;
    }
    // An entry stops waiting when it gets an offer; its end does not change that again.
    const hadOffer = type !== 'waitlist.offered' && holdId !== null;
    assert.equal(
      this.waitlist.delete(entryId),
      !hadOffer,
      'an entry stopped waiting that was not waiting',
    );
  }

  private set(type: Message['type'], { capacity, fit }: Payload): void {
    if (type === 'section.resized') this.capacity = capacity;
    if (type === 'section.configured') this.fit = fit ?? this.fit;
    if (type === 'section.opened') this.isOpen = true;
    if (type === 'section.closed') this.isOpen = false;
  }

  /** Free places may only go to the next entry, or to anyone if no entry is next. */
  private checkTurn({ waitlistEntryId, quantity }: Payload): void {
    assert.ok(this.isOpen, 'places were given while sales were closed');
    assert.ok(quantity <= this.available, 'more places were given away than were available');
    const all = [...this.waitlist];
    const [first] =
      this.fit === 'strict' ? all : all.filter(([, wants]) => wants <= this.available);
    if (waitlistEntryId !== null)
      assert.equal(waitlistEntryId, first?.[0], 'another entry was next');
    else assert.equal(first, undefined, 'a newcomer overtook the waitlist');
  }
}
