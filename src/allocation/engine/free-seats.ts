import { hasRunsEnough } from '../core/loading/adjacent-seats.js';
import { type SectionBatch, seatDemand } from '../core/loading/load-requirements.js';
import type { FreeSeatsQuery, SeatOfSection } from '../storage/seats.repository.js';

/** Seats beyond those that may be given away, to find some next to each other. */
const FIRST_STEP = 200;
/** Few round trips: three steps read every seat that an event can have. */
const GROWTH = 10;

/** Finds the free seats that a batch may choose from: the first ones of its section, read in growing steps. */
export class FreeSeats {
  private readonly demand: number;
  private readonly positions: number[] = [];
  private step = FIRST_STEP;
  /** Whether the seats found so far are as good as all. */
  private isEnough: boolean;

  constructor(
    private readonly batch: SectionBatch,
    private readonly waiting: readonly { readonly quantity: number }[],
  ) {
    this.demand = seatDemand(batch, waiting);
    this.isEnough = this.demand === 0;
  }

  /** The next seats to read; none if there are enough. */
  next(): FreeSeatsQuery | [] {
    if (this.isEnough) return [];
    const { id: sectionId } = this.batch.section.row;
    const from = (this.positions.at(-1) ?? -1) + 1;
    return { sectionId, from, count: this.count };
  }

  /** @param rows all that were read for `next`, and those of other sections */
  add(rows: readonly SeatOfSection[]): void {
    if (this.isEnough) return;
    const { id, available } = this.batch.section.row;
    const found = rows.filter(({ sectionId }) => sectionId === id).map(({ position }) => position);
    this.positions.push(...found.sort((a, b) => a - b));
    const areAll = found.length < this.count || this.positions.length >= available;
    this.isEnough = areAll || hasRunsEnough(this.positions, this.batch, this.waiting);
    this.step *= GROWTH;
  }

  private get count(): number {
    return this.demand + this.step;
  }
}
