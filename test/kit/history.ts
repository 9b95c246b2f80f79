import type { OutboxMessage } from './outbox.js';

/** A promise that was broken, and the facts that show it. */
export interface Violation {
  readonly rule: string;
  readonly sectionId: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

interface SectionFacts {
  readonly id: string;
  readonly version: number;
  readonly capacity: number;
  readonly fit: 'strict' | 'skip';
  readonly sales: 'OPEN' | 'CLOSED';
}

interface Payload {
  readonly entryId: string;
  readonly quantity: number;
  readonly waitlistEntryId: string | null;
  readonly holdId: string | null;
  readonly capacity: number;
  /** The capacity before it was changed. */
  readonly before: number;
  readonly fit?: 'strict' | 'skip';
}

interface Step {
  readonly type: string;
  readonly payload: Payload;
}

/**
 * Replays the history of each section from its messages, in the order of their commits: who joined,
 * left, was promoted and booked. It finds overtaking or overselling that final counters would hide.
 */
export function replayHistory(
  sections: readonly SectionFacts[],
  messages: readonly OutboxMessage[],
): Violation[] {
  const bySection = new Map<string, OutboxMessage[]>();
  for (const message of messages) {
    if (message.sectionId === null) continue;
    const own = bySection.get(message.sectionId);
    if (own === undefined) bySection.set(message.sectionId, [message]);
    else own.push(message);
  }
  return sections.flatMap((section) => replaySection(section, bySection.get(section.id) ?? []));
}

function replaySection(section: SectionFacts, messages: readonly OutboxMessage[]): Violation[] {
  const violations: Violation[] = [];
  const report = (rule: string, facts: object): void => {
    violations.push({ rule, sectionId: section.id, facts: { ...facts } });
  };
  const steps = messages.map(({ type, payload }): Step => {
    return { type, payload: payload as unknown as Payload };
  });
  const past = new Past(section, steps);
  messages.forEach((message, index) => {
    if (message.sequence !== index + 1) report('messages have no gaps', message);
    for (const rule of past.live(steps[index]!)) report(rule, message);
  });
  if (section.version !== messages.length) {
    report('section version = number of messages', { ...section, messages: messages.length });
  }
  return violations;
}

/** A section at some moment of its history. */
class Past {
  private readonly line = new Map<string, number>();
  private booked = 0;
  private held = 0;
  private capacity: number;
  private fit: 'strict' | 'skip';
  private isOpen: boolean;

  /** The first change of a setting tells its initial value; without one, it never changed. */
  constructor(section: SectionFacts, steps: readonly Step[]) {
    const resized = steps.find(({ type }) => type === 'section.resized');
    const refitted = steps.find(({ payload }) => payload.fit !== undefined);
    const moved = steps.find(({ type }) => type === 'section.opened' || type === 'section.closed');
    const fitBefore = refitted?.payload.fit === 'strict' ? 'skip' : 'strict';
    this.capacity = resized?.payload.before ?? section.capacity;
    this.fit = refitted === undefined ? section.fit : fitBefore;
    this.isOpen = moved === undefined ? section.sales === 'OPEN' : moved.type === 'section.closed';
  }

  /** Applies one message; returns the rules that it breaks. */
  live({ type, payload }: Step): string[] {
    if (type.startsWith('section.')) return this.set(type, payload);
    if (type.startsWith('waitlist.')) return this.moveLine(type, payload);
    const broken = this.movePlaces(type, payload);
    return this.available < 0 ? [...broken, 'no oversell at any moment'] : broken;
  }

  private get available(): number {
    return this.capacity - this.booked - this.held;
  }

  private set(type: string, { capacity, fit }: Payload): string[] {
    if (type === 'section.resized') this.capacity = capacity;
    if (type === 'section.configured') this.fit = fit ?? this.fit;
    if (type === 'section.opened') this.isOpen = true;
    if (type === 'section.closed') this.isOpen = false;
    return [];
  }

  private moveLine(type: string, { entryId, quantity, holdId }: Payload): string[] {
    if (type === 'waitlist.joined') {
      this.line.set(entryId, quantity);
      return [];
    }
    // The message of the booking or hold has already removed the entry.
    if (type === 'waitlist.promoted' || type === 'waitlist.offered') return [];
    const hadOffer = holdId !== null;
    return this.line.delete(entryId) === hadOffer ? ['only waiting entries leave'] : [];
  }

  private movePlaces(type: string, payload: Payload): string[] {
    const { quantity, holdId } = payload;
    switch (type) {
      case 'booking.confirmed': {
        const broken = holdId === null ? this.takeTurn(payload) : [];
        if (holdId !== null) this.held -= quantity;
        this.booked += quantity;
        return broken;
      }
      case 'booking.cancelled':
        this.booked -= quantity;
        return [];
      case 'hold.created': {
        const broken = this.takeTurn(payload);
        this.held += quantity;
        return broken;
      }
      case 'hold.released':
      case 'hold.expired':
        this.held -= quantity;
        return [];
      default:
        return [];
    }
  }

  /** Free places are given to a person: checks whose turn it was. */
  private takeTurn({ waitlistEntryId, quantity }: Payload): string[] {
    const broken: string[] = [];
    if (!this.isOpen) broken.push('no places are given while sales are closed');
    if (quantity > this.available) broken.push('no oversell at any moment');
    const head = this.whoseTurn();
    if (waitlistEntryId === null) {
      if (head !== undefined) broken.push('no newcomer overtakes the waitlist');
      return broken;
    }
    if (waitlistEntryId !== head) broken.push('promotions follow the order of the waitlist');
    this.line.delete(waitlistEntryId);
    return broken;
  }

  /** Stops at the first match: waitlists are long, and this runs for every place that is given. */
  private whoseTurn(): string | undefined {
    for (const [entryId, wants] of this.line) {
      if (this.fit === 'strict' || wants <= this.available) return entryId;
    }
    return undefined;
  }
}
