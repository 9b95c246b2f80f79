/** A person as known to one organiser: for another organiser, the same identifier is another person. */
export interface Person {
  readonly organiserId: string;
  /** Normalised (identifier.ts). */
  readonly identifier: string;
}

/** A text that identifies the person. */
export const nameOf = ({ organiserId, identifier }: Person): string => organiserId + identifier;
