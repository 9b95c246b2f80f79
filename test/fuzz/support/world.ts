import type { Dice } from './dice.js';

export type Kind = 'section' | 'seat' | 'ticket' | 'booking' | 'hold' | 'entry';
const KINDS: readonly Kind[] = ['section', 'seat', 'ticket', 'booking', 'hold', 'entry'];

/** Per kind; newer ids replace older ones, because more can still happen to them. */
const IDS_MAX = 24;
/** Events that were prepared with something of everything. */
const STAGED_MAX = 12;
/** Events that a fuzzed request created. */
const OPENED_MAX = 12;

/** Looks like an id of the service, but is none. */
export const unknownId = (nth: number): string =>
  `01a1fd46-0000-7000-8000-${nth.toString(16).padStart(12, '0')}`;

type Part = Readonly<Record<string, unknown>>;

/** An existing event, and what is known about it. */
export class Scene {
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
  id(kind: Kind, dice: Dice): string {
    const ids = this.ids.get(kind)!;
    // Always one draw: a request that is repeated in another world must have the same shape.
    const drawn = dice.below(2 ** 30);
    return ids[drawn % ids.length] ?? unknownId(drawn);
  }
}

/** What exists in the service, according to its answers. */
export class World {
  private readonly staged: Scene[] = [];
  private readonly opened: Scene[] = [];
  private readonly bySection = new Map<string, Scene>();
  private readonly cursors: string[] = [];

  /** Adds a prepared event, which replaces the oldest one. */
  stage(owner: number, event: Part): Scene {
    const scene = this.sceneFor(owner, event);
    this.staged.push(scene);
    if (this.staged.length > STAGED_MAX) this.staged.shift();
    return scene;
  }

  /** @param chance in percent, of an event that a fuzzed request created; it may be cancelled */
  scene(dice: Dice, chance: number): Scene {
    const wanted = dice.percent(chance) && this.opened.length > 0 ? this.opened : this.staged;
    return dice.pick(wanted);
  }

  cursor(dice: Dice): string | undefined {
    return this.cursors[dice.below(this.cursors.length || 1)];
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
    const known = this.sceneOf(event['id']);
    if (known === undefined) {
      this.opened.push(this.sceneFor(owner, event));
      if (this.opened.length > OPENED_MAX) this.opened.shift();
      return;
    }
    this.addSections(known, event);
  }

  private learnThing(part: Part): void {
    const kind = kindOf(part);
    const scene = this.sceneOf(part['eventId']) ?? this.bySection.get(String(part['sectionId']));
    if (kind !== undefined && scene !== undefined) scene.add(kind, String(part['id']));
  }

  private sceneOf(eventId: unknown): Scene | undefined {
    return [...this.staged, ...this.opened].find((scene) => scene.eventId === eventId);
  }

  private sceneFor(owner: number, event: Part): Scene {
    const scene = new Scene(String(event['id']), owner);
    this.addSections(scene, event);
    return scene;
  }

  private addSections(scene: Scene, { sections }: Part): void {
    for (const { id } of sections as readonly { readonly id: string }[]) {
      scene.add('section', id);
      this.bySection.set(id, scene);
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
