import { Injectable } from '@nestjs/common';
import {
  type EventOfOrganiser,
  type NewSeat,
  type NewSection,
  SeatsRepository,
  SectionsRepository,
} from '../allocation/index.js';
import {
  queryAll,
  type Change,
  type Moment,
  readMoment,
  StaleReadError,
  type Transaction,
  executeAll,
} from '../platform/database/index.js';
import { isInOutbox, outboxInsert } from '../platform/outbox/index.js';
import { eventMessageRow, type EventMessageType } from './event-message.js';
import { type Actor, Clock } from '../platform/common/index.js';
import type { EventRow } from './event.mappers.js';
import { EventsRepository, type WholeEvent } from './events.repository.js';
import type { CapacityWanted } from './stepwise-resize.js';

/** Rows of an event that a change writes, beside those that its commands write. */
export interface EventRows {
  readonly event: EventRow;
  readonly sectionTexts: Parameters<SectionsRepository['saveTexts']>[0];
  readonly newSections: readonly NewSection[];
  readonly newSeats: readonly NewSeat[];
  readonly capacitiesWanted: readonly CapacityWanted[];
  readonly isEnding: boolean;
}

/** An event, and the moment at which all its sections were locked. */
export interface LockedEvent extends WholeEvent {
  readonly moment: Moment;
}

export interface Raised {
  readonly capacity: number;
  readonly wanted: number | null;
}

/** Locks, reads and writes all of an event. */
@Injectable()
export class EventStore {
  constructor(
    private readonly events: EventsRepository,
    private readonly sections: SectionsRepository,
    private readonly seats: SeatsRepository,
    private readonly clock: Clock,
  ) {}

  /** Ids of its sections; none if the event does not exist or is another organiser's. */
  async sectionIds(tx: Transaction, event: EventOfOrganiser): Promise<readonly string[]> {
    const [ids] = await queryAll(tx, [this.sections.idsOf(event)]);
    return ids;
  }

  /**
   * Locks these sections, and reads the event under their locks.
   *
   * @throws {StaleReadError} if the event has more sections. A section is added under the locks of the
   *   others, so none can be added from then on
   */
  async lock(
    tx: Transaction,
    event: EventOfOrganiser,
    ids: readonly string[],
  ): Promise<LockedEvent> {
    const { eventId } = event;
    const [, moment, known, row, sections] = await queryAll(tx, [
      this.sections.lock(ids),
      readMoment(this.clock),
      this.sections.idsOf(event),
      this.events.row(eventId),
      this.events.sectionsOf([eventId]),
    ]);
    if (known.length !== ids.length) throw new StaleReadError(new Error('A section was added'));
    return { event: row!, sections: sections.get(eventId)!, moment };
  }

  async read(tx: Transaction, id: string): Promise<WholeEvent> {
    const [event, sections] = await queryAll(tx, [
      this.events.row(id),
      this.events.sectionsOf([id]),
    ]);
    return { event: event!, sections: sections.get(id)! };
  }

  /** Written before the commands of the change are decided: places that these give away have the new price. */
  writeTexts(tx: Transaction, texts: EventRows['sectionTexts']): Promise<void> {
    return executeAll(tx, this.sections.saveTexts(texts));
  }

  /** @returns the id of the outbox row, which proves the commit */
  async write(
    tx: Transaction,
    rows: EventRows & { readonly type: EventMessageType },
    actor: Actor,
  ): Promise<string> {
    const { event, type } = rows;
    const outboxRow = eventMessageRow(event, type, { actor, createdAt: event.updatedAt });
    await executeAll(tx, [
      ...this.events.save(rows.event),
      ...this.ending(rows),
      ...this.sections.saveCapacityWanted(rows.capacitiesWanted),
      ...this.sections.insert(rows.newSections),
      ...this.seats.insert(rows.newSeats),
      ...outboxInsert([outboxRow]),
    ]);
    return outboxRow.id;
  }

  /**
   * Locks a section whose capacity may still have to be raised.
   *
   * @returns its capacity, and the capacity wanted; null if it has reached it
   */
  async lockRaised(tx: Transaction, sectionId: string): Promise<Raised> {
    const [locked, wanted] = await queryAll(tx, [
      this.sections.lock([sectionId]),
      this.sections.capacityWanted(sectionId),
    ]);
    return { capacity: locked.get(sectionId)!.row.capacity, wanted };
  }

  markRaised(tx: Transaction, sectionId: string): Promise<void> {
    return executeAll(tx, this.sections.saveCapacityWanted([{ id: sectionId, capacity: null }]));
  }

  /** Marks a cancelled event as one with nothing left to end. */
  markVoided(tx: Transaction, id: string): Promise<void> {
    return executeAll(tx, this.events.markEnding(id, false));
  }

  /** Whether the transaction that wrote the row was committed. Final, under the locks that it had. */
  async isInOutbox(tx: Transaction, ids: readonly string[], rowId: string): Promise<boolean> {
    const [, isCommitted] = await queryAll(tx, [this.sections.lock(ids), isInOutbox(rowId)]);
    return isCommitted;
  }

  private ending({ event, isEnding }: EventRows): Change[] {
    return isEnding ? this.events.markEnding(event.id, true) : [];
  }
}
