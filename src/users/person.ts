/** A person, as an organiser names him: another organiser may mean another by the same name. */
export interface Person {
  readonly organiserId: string;
  /** Normalised (identifier.ts). */
  readonly identifier: string;
}

/** The same text for the same person. */
export const nameOf = ({ organiserId, identifier }: Person): string => organiserId + identifier;
