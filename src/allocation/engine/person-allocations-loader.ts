import { Injectable } from '@nestjs/common';
import { unionOf } from '../storage/person-allocations.repository.js';
import { queryAll, type Transaction } from '../../platform/database/index.js';
import { groupBy } from '../../platform/common/index.js';
import { WaitlistRepository } from '../storage/waitlist.repository.js';
import { type SectionBatch, peopleLimited } from './load-requirements.js';
import { BookingsRepository } from '../storage/bookings.repository.js';
import { PersonAllocations } from '../core/state/person-allocations.js';
import { HoldsRepository } from '../storage/holds.repository.js';

/** What the people of a batch have in whole events, where a limit asks for it. */
@Injectable()
export class PersonAllocationsLoader {
  constructor(
    private readonly bookings: BookingsRepository,
    private readonly holds: HoldsRepository,
    private readonly waitlist: WaitlistRepository,
  ) {}

  /** @returns the claims of an event by its id; those of events without a limit are empty */
  async load(
    tx: Transaction,
    orders: readonly SectionBatch[],
    now: Date,
  ): Promise<(eventId: string) => PersonAllocations> {
    const limited = orders
      .map((order) => ({ eventId: order.section.row.eventId, people: peopleLimited(order) }))
      .filter(({ people }) => people.length > 0);
    const byEvent = [...groupBy(limited, ({ eventId }) => eventId)].map(([eventId, some]) => {
      return { eventId, people: [...new Set(some.flatMap(({ people }) => people))] };
    });
    const [parts] = await queryAll(tx, [
      unionOf([
        this.bookings.placesOf(byEvent),
        this.holds.placesOf(byEvent, now),
        this.waitlist.placesOf(byEvent),
      ]),
    ]);
    const claims = new Map(
      byEvent.map(({ eventId, people }) => {
        return [eventId, new PersonAllocations(people.map((userId) => [userId, 0]))];
      }),
    );
    for (const { eventId, userId, places } of parts) {
      claims.get(eventId)!.add(userId, places);
    }
    return (eventId) => claims.get(eventId) ?? new PersonAllocations();
  }
}
