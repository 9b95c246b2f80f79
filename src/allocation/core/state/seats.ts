export type SeatStatus = 'AVAILABLE' | 'HELD' | 'BOOKED';

export interface Seat {
  readonly id: string;
  readonly row: string;
  readonly number: number;
  /**
   * Place in the order of the house, row by row: seats next to each other have consecutive positions,
   * and between two rows there is a gap.
   */
  readonly position: number;
  readonly status: SeatStatus;
}

/** A seat's row as a batch leaves it behind. */
export interface SeatChange {
  readonly id: string;
  readonly status: SeatStatus;
  /** The hold it is HELD by, if it is. */
  readonly holdId: string | null;
}

interface KnownSeat {
  readonly id: string;
  readonly position: number;
  readonly index: number;
  readonly statusBefore: SeatStatus;
  status: SeatStatus;
  holdId: string | null;
}

/**
 * The seats of one section that a batch is about, while the section's lock is held: those that were
 * named, those that may come free, and as many free ones, best first, as may be given away.
 */
export class Seats {
  private readonly byId = new Map<string, KnownSeat>();
  private readonly inOrder: KnownSeat[];
  private readonly touched = new Set<KnownSeat>();
  /** No seat before this place in the order is free. */
  private firstFree = 0;

  /** @param loaded in any order; a seat may be there twice */
  constructor(loaded: readonly Seat[] = []) {
    const once = [...new Map(loaded.map((seat) => [seat.id, seat])).values()];
    once.sort((a, b) => a.position - b.position);
    this.inOrder = once.map(({ id, position, status }, index) => {
      return { id, position, index, statusBefore: status, status, holdId: null };
    });
    for (const seat of this.inOrder) this.byId.set(seat.id, seat);
  }

  statusOf(id: string): SeatStatus | undefined {
    return this.byId.get(id)?.status;
  }

  /**
   * The best free seats of those known: the first that are next to each other, or else the first.
   * None, if not enough are known.
   */
  pick(quantity: number): readonly string[] | undefined {
    const first: KnownSeat[] = [];
    let run: KnownSeat[] = [];
    this.skipTaken();
    for (let index = this.firstFree; index < this.inOrder.length; index += 1) {
      const seat = this.inOrder[index]!;
      if (seat.status !== 'AVAILABLE') continue;
      if (first.length < quantity) first.push(seat);
      if (run.at(-1)?.position !== seat.position - 1) run = [];
      run.push(seat);
      if (run.length === quantity) return idsOf(run);
    }
    return first.length < quantity ? undefined : idsOf(first);
  }

  book(ids: readonly string[]): void {
    this.move(ids, ['AVAILABLE'], 'BOOKED', null);
  }

  hold(ids: readonly string[], holdId: string): void {
    this.move(ids, ['AVAILABLE'], 'HELD', holdId);
  }

  /** Held seats go to a booking. */
  confirm(ids: readonly string[]): void {
    this.move(ids, ['HELD'], 'BOOKED', null);
  }

  free(ids: readonly string[]): void {
    this.move(ids, ['HELD', 'BOOKED'], 'AVAILABLE', null);
    for (const id of ids) this.firstFree = Math.min(this.firstFree, this.byId.get(id)!.index);
  }

  /** What has to be written. A seat that is held again is held by another hold than before. */
  changes(): readonly SeatChange[] {
    return [...this.touched]
      .filter((seat) => seat.status !== seat.statusBefore || seat.status === 'HELD')
      .map(({ id, status, holdId }) => ({ id, status, holdId }));
  }

  /** The rules have asked before: what cannot be done is a bug of theirs or of the loader. */
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
      this.touched.add(seat);
    }
  }

  private skipTaken(): void {
    while (this.inOrder[this.firstFree] !== undefined) {
      if (this.inOrder[this.firstFree]!.status === 'AVAILABLE') return;
      this.firstFree += 1;
    }
  }
}

const idsOf = (seats: readonly KnownSeat[]): readonly string[] => seats.map(({ id }) => id);
