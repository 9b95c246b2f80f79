import { RULES, sectionWith } from '../../../test/unit/support/box-office.js';
import type { Command } from '../core/commands.js';
import { LockedSection } from '../core/state/locked-section.js';
import type { SeatOfSection } from '../storage/seats.repository.js';
import { FreeSeats } from './free-seats.js';

const SECTION = 'stalls';

/** Reads as the database does; returns the positions found, and the number of steps. */
function search(free: readonly number[], quantity: number, available = free.length) {
  const row = sectionWith({ isSeated: true, capacity: 20_000, available, rules: RULES });
  const section = new LockedSection({ ...row, id: SECTION });
  const userId = 'Ann';
  const command: Command = { kind: 'hold', sectionId: SECTION, userId, quantity, ttlSeconds: 60 };
  const seats = new FreeSeats({ section, commands: [command] }, []);
  const found: number[] = [];
  for (let steps = 0; ; steps += 1) {
    const next = seats.next();
    if ('length' in next) return { found, steps };
    const read = free.filter((position) => position >= next.from).slice(0, next.count);
    found.push(...read);
    const rows = read.map((position) => ({ sectionId: SECTION, position }) as SeatOfSection);
    const other = { sectionId: 'balcony', position: 1 } as SeatOfSection;
    seats.add([other, ...rows.toReversed()]);
  }
}

const everySecond = (count: number): number[] => Array.from({ length: count }, (_, n) => 2 * n);

describe(FreeSeats.name, () => {
  it('reads a few seats where they are next to each other', () => {
    const free = Array.from({ length: 6_000 }, (_, n) => n);
    expect(search(free, 2)).toEqual({ found: free.slice(0, 202), steps: 1 });
  });

  it('reads no more for single seats, however they lie', () => {
    expect(search(everySecond(6_000), 1)).toMatchObject({ steps: 1 });
  });

  it('reads on until there are enough next to each other, each seat once', () => {
    const single = everySecond(1_000);
    const free = [...single, 5_000, 5_001, ...everySecond(9_000).map((n) => n + 6_000)];
    const { found, steps } = search(free, 2);
    expect(steps).toBe(2);
    expect(found).toEqual(free.slice(0, found.length));
    expect(found).toContain(5_001);
  });

  it('reads all seats that an event can have in three steps', () => {
    const free = everySecond(20_000);
    expect(search(free, 2)).toEqual({ found: free, steps: 3 });
  });

  it('ends even if the section counts more free seats than there are', () => {
    expect(search(everySecond(10), 2, 20)).toMatchObject({ steps: 1 });
  });
});
