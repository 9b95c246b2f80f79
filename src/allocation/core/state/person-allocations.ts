/**
 * How many places each person has in a whole event: booked, held and waited for. The states of the
 * event's sections share it, and it is loaded only if a limit asks for it; holds that are overdue do
 * not count, whether or not anybody has noticed.
 */
export class PersonAllocations {
  private readonly places: Map<string, number>;

  /** @param loaded by person; who has nothing is there with 0 */
  constructor(loaded: Iterable<readonly [userId: string, places: number]> = []) {
    this.places = new Map(loaded);
  }

  of(userId: string): number {
    const places = this.places.get(userId);
    if (places === undefined) throw new Error(`The claims of person ${userId} were not loaded`);
    return places;
  }

  /** Whom nobody asks about is not counted. */
  add(userId: string, places: number): void {
    const before = this.places.get(userId);
    if (before !== undefined) this.places.set(userId, before + places);
  }
}
