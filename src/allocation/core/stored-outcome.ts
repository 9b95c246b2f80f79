import type { Outcome } from './outcomes.js';
import type { Hold } from './state/holds.js';
import type { SectionRow } from './state/locked-section.js';

/** Data after a round trip through JSON: dates are ISO strings. */
type Serialised<Value> = Value extends Date
  ? string
  : Value extends object
    ? { readonly [Key in keyof Value]: Serialised<Value[Key]> }
    : Value;

/** An outcome as it is stored with its idempotency key, to be replayed. */
export type StoredOutcome = Serialised<Outcome>;

type StoredOf<Kind extends Outcome['kind']> = StoredOutcome & { readonly kind: Kind };

type Revivers = { readonly [Kind in Outcome['kind']]: (stored: StoredOf<Kind>) => Outcome };

/** How the dates of each kind of outcome are revived. */
const REVIVERS: Revivers = {
  booked: (stored) => ({ ...stored, booking: withCreatedAt(stored.booking) }),
  waitlisted: (stored) => ({ ...stored, entry: withCreatedAt(stored.entry) }),
  left: ofEntry,
  declined: ofEntry,
  held: ofHold,
  released: ofHold,
  cancelled: ({ rest, ...stored }) =>
    rest === undefined ? stored : { ...stored, rest: { ...rest, at: new Date(rest.at) } },
  resized: ofSection,
  configured: ofSection,
  opened: ofSection,
  closed: ofSection,
  swept: (stored) => stored,
  voided: (stored) => stored,
  refused: (stored) => stored,
};

/** The outcome as it was before it was stored. */
export function toOutcome<Kind extends Outcome['kind']>(stored: StoredOf<Kind>): Outcome {
  return REVIVERS[stored.kind](stored);
}

const withCreatedAt = <Row extends { readonly createdAt: string }>(
  row: Row,
): Omit<Row, 'createdAt'> & { readonly createdAt: Date } => ({
  ...row,
  createdAt: new Date(row.createdAt),
});

function ofEntry(stored: StoredOf<'left' | 'declined'>): Outcome {
  return { ...stored, entry: withCreatedAt(stored.entry), at: new Date(stored.at) };
}

function ofHold({ hold, ...stored }: StoredOf<'held' | 'released'>): Outcome {
  const dates = { createdAt: new Date(hold.createdAt), expiresAt: new Date(hold.expiresAt) };
  return { ...stored, hold: { ...hold, ...dates } satisfies Hold };
}

function ofSection({
  kind,
  section,
}: StoredOf<'resized' | 'configured' | 'opened' | 'closed'>): Outcome {
  const { holdsExpireAt } = section;
  const expiry = holdsExpireAt === null ? null : new Date(holdsExpireAt);
  return { kind, section: { ...section, holdsExpireAt: expiry } satisfies SectionRow };
}
