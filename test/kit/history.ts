/** A row of the outbox; `payload` is JSON text. */
export interface HistoryMessage {
  readonly sectionId: string;
  readonly sequence: number;
  readonly type: string;
  readonly payload: string;
}

/** A promise that was not kept, and the facts that show it. */
export interface Violation {
  readonly rule: string;
  readonly sectionId: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

interface SectionFacts {
  readonly id: string;
  readonly version: number;
  readonly capacity: number;
}

interface Payload {
  readonly entryId: string;
  readonly quantity: number;
  readonly waitlistEntryId: string | null;
}

/**
 * Lives the history of each section again from its messages: who joined, left, was promoted and
 * booked, in the order in which it was committed. Whatever the counters say in the end, an
 * overtaking or an oversell on the way is seen here.
 */
export function replayHistory(
  sections: readonly SectionFacts[],
  messages: readonly HistoryMessage[],
): Violation[] {
  const bySection = new Map<string, HistoryMessage[]>();
  for (const message of messages) {
    const own = bySection.get(message.sectionId);
    if (own === undefined) bySection.set(message.sectionId, [message]);
    else own.push(message);
  }
  return sections.flatMap((section) => replaySection(section, bySection.get(section.id) ?? []));
}

function replaySection(section: SectionFacts, messages: readonly HistoryMessage[]): Violation[] {
  const violations: Violation[] = [];
  const report = (rule: string, facts: object): void => {
    violations.push({ rule, sectionId: section.id, facts: { ...facts } });
  };
  const past = new Past(section.capacity);
  messages.forEach((message, index) => {
    if (message.sequence !== index + 1) report('messages have no gaps', message);
    const payload = JSON.parse(message.payload) as Payload;
    for (const rule of past.live(message.type, payload)) report(rule, message);
  });
  if (section.version !== messages.length) {
    report('version counts the changes', { ...section, messages: messages.length });
  }
  return violations;
}

/** A section as it was at some moment of its history. */
class Past {
  private readonly line = new Set<string>();
  private booked = 0;

  constructor(private readonly capacity: number) {}

  /** Takes one step; answers the rules it broke. */
  live(type: string, { entryId, quantity, waitlistEntryId }: Payload): string[] {
    switch (type) {
      case 'waitlist.joined':
        this.line.add(entryId);
        return [];
      case 'waitlist.left':
        return this.line.delete(entryId) ? [] : ['only who waits can leave'];
      case 'booking.confirmed':
        return this.book(quantity, waitlistEntryId);
      case 'booking.cancelled':
        this.booked -= quantity;
        return [];
      default:
        return [];
    }
  }

  private book(quantity: number, entryId: string | null): string[] {
    const [head] = this.line;
    this.booked += quantity;
    const broken: string[] = [];
    if (this.booked > this.capacity) broken.push('no oversell, at no moment');
    if (entryId === null && head !== undefined) broken.push('no newcomer overtakes the line');
    if (entryId !== null && entryId !== head) broken.push('only the head is promoted');
    if (entryId !== null) this.line.delete(entryId);
    return broken;
  }
}
