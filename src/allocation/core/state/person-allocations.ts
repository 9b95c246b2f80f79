/**
 * How many places each person has in a whole event: booked, held and waited for. Shared by the states
 * of the event's sections, and loaded only for people to whom `maxPerPerson` applies. Overdue holds do
 * not count, even before they are ended.
 */
export class PersonAllocations {
  private readonly places: Map<string, number>;

  /** @param loaded one item for each person, also for those who have 0 places */
  constructor(loaded: Iterable<readonly [userId: string, places: number]> = []) {
    this.places = new Map(loaded);
  }

  of(userId: string): number {
    const places = this.places.get(userId);
    if (places === undefined) throw new Error(`The places of person ${userId} were not loaded`);
    return places;
  }

  /** Does nothing for a person that was not loaded: no limit applies to them. */
  add(userId: string, places: number): void {
    const before = this.places.get(userId);
    if (before !== undefined) this.places.set(userId, before + places);
  }
}
