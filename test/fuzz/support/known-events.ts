import type { RandomChoices } from './random-choices.js';

export type Kind = 'section' | 'seat' | 'ticket' | 'booking' | 'hold' | 'entry';
const KINDS: readonly Kind[] = ['section', 'seat', 'ticket', 'booking', 'hold', 'entry'];

/** Per kind; newer ids replace older ones, because more can still happen to them. */
const IDS_MAX = 24;
/** Events that were prepared with something of everything. */
const PREPARED_MAX = 12;
/** Events that a fuzzed request created. */
const OPENED_MAX = 12;

/** Looks like an id of the service, but is none. */
export const unknownId = (nth: number): string =>
  `01a1fd46-0000-7000-8000-${nth.toString(16).padStart(12, '0')}`;

type Part = Readonly<Record<string, unknown>>;

/** An existing event, and what is known about it. */
export class KnownEvent {
  private readonly ids = new Map<Kind, string[]>(KINDS.map((kind) => [kind, []]));

  constructor(
    readonly eventId: string,
    /** The number of its organiser. */
    readonly owner: number,
  ) {}

  add(kind: Kind, id: string): void {
    const ids = this.ids.get(kind)!;
    if (ids.includes(id)) return;
    ids.push(id);
    if (ids.length > IDS_MAX) ids.shift();
  }

  /** An id that exists or once did, or an unknown one if none of that kind is known. */
  id(kind: Kind, random: RandomChoices): string {
    const ids = this.ids.get(kind)!;
    // Always one draw: a request that is repeated against other events must have the same shape.
    const drawn = random.below(2 ** 30);
    return ids[drawn % ids.length] ?? unknownId(drawn);
  }
}

/** What exists in the service, according to its answers. */
export class KnownEvents {
  private readonly prepared: KnownEvent[] = [];
  private readonly opened: KnownEvent[] = [];
  private readonly bySection = new Map<string, KnownEvent>();
  private readonly cursors: string[] = [];

  /** Adds a prepared event, which replaces the oldest one. */
  addPrepared(owner: number, event: Part): KnownEvent {
    const prepared = this.eventFor(owner, event);
    this.prepared.push(prepared);
    if (this.prepared.length > PREPARED_MAX) this.prepared.shift();
    return prepared;
  }

  /** @param chance in percent, of an event that a fuzzed request created; it may be cancelled */
  event(random: RandomChoices, chance: number): KnownEvent {
    const wanted = random.percent(chance) && this.opened.length > 0 ? this.opened : this.prepared;
    return random.pick(wanted);
  }

  cursor(random: RandomChoices): string | undefined {
    return this.cursors[random.below(this.cursors.length || 1)];
  }

  /** Remembers the ids in any answer. */
  learn(owner: number, value: unknown): void {
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) return value.forEach((part) => this.learn(owner, part));
    const part = value as Part;
    if (isEvent(part)) this.learnEvent(owner, part);
    else if ('id' in part) this.learnThing(part);
    if (typeof part['nextCursor'] === 'string') {
      this.cursors.push(part['nextCursor']);
      if (this.cursors.length > IDS_MAX) this.cursors.shift();
    }
    for (const inner of Object.values(part)) this.learn(owner, inner);
  }

  private learnEvent(owner: number, event: Part): void {
    const known = this.eventOf(event['id']);
    if (known === undefined) {
      this.opened.push(this.eventFor(owner, event));
      if (this.opened.length > OPENED_MAX) this.opened.shift();
      return;
    }
    this.addSections(known, event);
  }

  private learnThing(part: Part): void {
    const kind = kindOf(part);
    const event = this.eventOf(part['eventId']) ?? this.bySection.get(String(part['sectionId']));
    if (kind !== undefined && event !== undefined) event.add(kind, String(part['id']));
  }

  private eventOf(eventId: unknown): KnownEvent | undefined {
    return [...this.prepared, ...this.opened].find((event) => event.eventId === eventId);
  }

  private eventFor(owner: number, event: Part): KnownEvent {
    const known = new KnownEvent(String(event['id']), owner);
    this.addSections(known, event);
    return known;
  }

  private addSections(event: KnownEvent, { sections }: Part): void {
    for (const { id } of sections as readonly { readonly id: string }[]) {
      event.add('section', id);
      this.bySection.set(id, event);
    }
  }
}

const isEvent = (part: Part): boolean => 'sections' in part && 'createdAt' in part;

function kindOf(part: Part): Kind | undefined {
  if ('row' in part) return 'seat';
  if ('expiresAt' in part) return 'hold';
  if ('position' in part) return 'entry';
  if ('tickets' in part) return 'booking';
  if ('userId' in part) return 'ticket';
  return undefined;
}
