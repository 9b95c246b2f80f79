import type { PlacesWanted } from '../commands.js';
import type { Refusal } from '../refusals.js';
import type { SectionState } from '../section-state.js';

/** What a person has already, as far as it can be a reason to refuse more. */
export interface Standing {
  /** Booked, held and waited for in the event. Only called if a limit applies to the person. */
  places(): number;
  /** Whether the person has an open entry in the section's waitlist. */
  isWaiting(): boolean;
}

const STRANGER: Standing = { places: () => 0, isWaiting: () => false };

/**
 * Why a request is refused; undefined if it is not. A blind command that would be refused for anyone is refused as
 * for a person who has nothing. So its refusal depends on the person only where anyone else would have been served,
 * and nobody can ask about a person without the risk of a change.
 *
 * @param refusalOf the refusal for a person of this standing
 */
export function refusalFor(
  state: SectionState,
  { userId, isBlind = false }: Pick<PlacesWanted, 'userId' | 'isBlind'>,
  refusalOf: (person: Standing) => Refusal | undefined,
): Refusal | undefined {
  const own: Standing = {
    places: () => state.allocations.of(userId),
    isWaiting: () => state.waitlist.openEntryOf(userId) !== undefined,
  };
  return (isBlind ? refusalOf(STRANGER) : undefined) ?? refusalOf(own);
}
