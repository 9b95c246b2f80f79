import type { SectionRow } from '../state/locked-section.js';
import type { Fit } from '../state/section-rules.js';
import type { Command, PlacesWanted } from '../commands.js';

/** What was loaded of a section that may come free. */
export interface Freeable {
  /** Number of tickets. */
  readonly tickets: number;
  /** Places of the holds that are HELD. */
  readonly heldPlaces: number;
  /** Whether one of the holds is overdue. */
  readonly isOverdue: boolean;
}

/** How much of a section's line a batch can need. */
export interface WaitlistLoadPlan {
  /** Under which rules it may be asked whose turn it is; none if nobody can be given places. */
  readonly fits: readonly Fit[];
  /** The most places that the line can be given within the batch. */
  readonly places: number;
  /** How many entries may be passed over, because they leave or give back what they were given. */
  readonly departures: number;
  /** The section may shrink to this, and sends home whoever wants more; undefined if it cannot. */
  readonly shrinksTo: number | undefined;
}

/**
 * How much of its line a section needs to know, once its tickets and holds are loaded:
 *
 * - for `strict` the first `places + leaves` entries;
 * - for `skip`, of every quantity up to `places` that anybody waits for, the first
 *   `floor(places / quantity) + leaves`: so many can be given places or leave, and whoever is given
 *   places leaves fewer free, so that one whom they do not fit any more is always among them;
 * - with `shrinksTo`, all who want more than that. They are left out of the two counts above.
 */
export function planWaitlistLoad(
  section: SectionRow,
  commands: readonly Command[],
  free: Freeable,
): WaitlistLoadPlan {
  const own = commands.filter(({ sectionId }) => sectionId === section.id);
  const { available, capacity } = section;
  const capacities = capacitiesIn(own);
  const growth = Math.max(0, ...capacities.map((wanted) => wanted - capacity));
  const smallest = Math.min(...capacities);
  return {
    fits: mayPromote(section, own, free) ? fitsIn(section, own) : [],
    places: available + growth + free.tickets + free.heldPlaces,
    departures: own.filter(({ kind }) => TAKES_OUT.has(kind)).length,
    shrinksTo: section.waiting > 0 && smallest < capacity ? smallest : undefined,
  };
}

/**
 * How many AVAILABLE seats a batch can give away that nobody named: 0 if it gives none. Named ones
 * are among the first as well, so what takes them counts too.
 *
 * @param line the entries in the windows of the section's line
 */
export function seatDemand(
  { id, isSeated, available }: SectionRow,
  commands: readonly Command[],
  line: readonly { readonly quantity: number }[],
): number {
  const own = commands.filter(({ sectionId }) => sectionId === id);
  const wanted = own.filter(({ kind }) => kind === 'book' || kind === 'hold') as PlacesWanted[];
  const isPicked = line.length > 0 || wanted.some(({ seatIds }) => seatIds === undefined);
  if (!isSeated || !isPicked) return 0;
  const places = [...wanted, ...line].reduce((sum, { quantity }) => sum + quantity, 0);
  return Math.min(available, places);
}

/** Commands after which an entry may not count any more: it left, or lost what it was given. */
const TAKES_OUT: ReadonlySet<Command['kind']> = new Set<Command['kind']>([
  'cancel',
  'cancelBooking',
  'releaseSeat',
  'leave',
  'decline',
]);

/** Commands that end in a promotion. */
const PROMOTES: ReadonlySet<Command['kind']> = new Set<Command['kind']>([
  ...TAKES_OUT,
  'release',
  'resize',
  'configure',
  'open',
]);

function mayPromote(section: SectionRow, own: readonly Command[], free: Freeable): boolean {
  const mayBeOpen = section.sales === 'OPEN' || own.some(({ kind }) => kind === 'open');
  const isAsked = free.isOverdue || own.some(({ kind }) => PROMOTES.has(kind));
  return section.waiting > 0 && mayBeOpen && isAsked;
}

function fitsIn(section: SectionRow, own: readonly Command[]): readonly Fit[] {
  const wanted = own.flatMap((command) =>
    command.kind === 'configure' ? (command.rules.fit ?? []) : [],
  );
  return [...new Set([section.rules.fit, ...wanted])];
}

const capacitiesIn = (own: readonly Command[]): number[] =>
  own.flatMap((command) => (command.kind === 'resize' ? command.capacity : []));
