export type SeatStatus = 'AVAILABLE' | 'HELD' | 'BOOKED';

export interface Seat {
  readonly id: string;
  readonly row: string;
  readonly number: number;
  /** Order of the seats, row by row. Neighbours have consecutive positions; between rows is a gap. */
  readonly position: number;
  readonly status: SeatStatus;
}

/** How a person finds a seat. */
export type NumberedSeat = Pick<Seat, 'id' | 'row' | 'number'>;

/** A change that a batch has to write. */
export interface SeatChange {
  readonly id: string;
  readonly status: SeatStatus;
  /** The hold that holds it, if it is HELD. */
  readonly holdId: string | null;
}

interface LoadedSeat extends NumberedSeat {
  readonly position: number;
  readonly index: number;
  readonly statusBefore: SeatStatus;
  status: SeatStatus;
  holdId: string | null;
}

/**
 * The seats of one section that concern a batch: those that commands name, those that may come free,
 * and as many free ones, best first, as may be given away.
 */
export class Seats {
  private readonly byId = new Map<string, LoadedSeat>();
  private readonly all: LoadedSeat[];
  private readonly changed = new Set<LoadedSeat>();
  /** No seat before this index is free. */
  private firstFree = 0;

  /** @param loaded in any order; duplicates are ignored */
  constructor(loaded: readonly Seat[] = []) {
    const unique = [...new Map(loaded.map((seat) => [seat.id, seat])).values()];
    unique.sort((a, b) => a.position - b.position);
    this.all = unique.map(({ id, row, number, position, status }, index) => {
      return { id, row, number, position, index, statusBefore: status, status, holdId: null };
    });
    for (const seat of this.all) this.byId.set(seat.id, seat);
  }

  statusOf(id: string): SeatStatus | undefined {
    return this.byId.get(id)?.status;
  }

  /** A seat with its row and number; undefined if it is not loaded. */
  numbered(id: string): NumberedSeat | undefined {
    const seat = this.byId.get(id);
    return seat && { id, row: seat.row, number: seat.number };
  }

  /**
   * The best free seats: the first ones next to each other, otherwise the first ones. Undefined if too
   * few are loaded.
   */
  pick(quantity: number): readonly string[] | undefined {
    const first: LoadedSeat[] = [];
    let run: LoadedSeat[] = [];
    this.skipTaken();
    for (let index = this.firstFree; index < this.all.length; index += 1) {
      const seat = this.all[index]!;
      if (seat.status !== 'AVAILABLE') continue;
      if (first.length < quantity) first.push(seat);
      if (run.at(-1)?.position !== seat.position - 1) run = [];
      run.push(seat);
      if (run.length === quantity) return idsOf(run);
    }
    return first.length < quantity ? undefined : idsOf(first);
  }

  /** Sorts seats by position. */
  inOrder(ids: readonly string[]): readonly string[] {
    const indexOf = (id: string): number => this.byId.get(id)!.index;
    return ids.toSorted((a, b) => indexOf(a) - indexOf(b));
  }

  book(ids: readonly string[]): void {
    this.move(ids, ['AVAILABLE'], 'BOOKED', null);
  }

  hold(ids: readonly string[], holdId: string): void {
    this.move(ids, ['AVAILABLE'], 'HELD', holdId);
  }

  /** Held seats become booked. */
  confirm(ids: readonly string[]): void {
    this.move(ids, ['HELD'], 'BOOKED', null);
  }

  free(ids: readonly string[]): void {
    this.move(ids, ['HELD', 'BOOKED'], 'AVAILABLE', null);
    for (const id of ids) this.firstFree = Math.min(this.firstFree, this.byId.get(id)!.index);
  }

  /** A seat that is HELD before and after still has to be written: its hold is another. */
  changes(): readonly SeatChange[] {
    return [...this.changed]
      .filter((seat) => seat.status !== seat.statusBefore || seat.status === 'HELD')
      .map(({ id, status, holdId }) => ({ id, status, holdId }));
  }

  /** The rules have checked before: an impossible change is a bug of theirs or of the loader. */
  private move(
    ids: readonly string[],
    from: readonly SeatStatus[],
    status: SeatStatus,
    holdId: string | null,
  ): void {
    for (const id of ids) {
      const seat = this.byId.get(id);
      if (seat === undefined || !from.includes(seat.status)) {
        throw new Error(`Seat ${id} is ${seat?.status ?? 'not loaded'} and cannot be ${status}`);
      }
      seat.status = status;
      seat.holdId = holdId;
      this.changed.add(seat);
    }
  }

  private skipTaken(): void {
    while (this.all[this.firstFree] !== undefined) {
      if (this.all[this.firstFree]!.status === 'AVAILABLE') return;
      this.firstFree += 1;
    }
  }
}

const idsOf = (seats: readonly LoadedSeat[]): readonly string[] => seats.map(({ id }) => id);
