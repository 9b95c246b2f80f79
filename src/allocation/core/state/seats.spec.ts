import { type Seat, Seats, type SeatStatus } from './seats.js';

/** Seats by row, `.` free and `x` taken: the first row's positions from 0 on, the next from 100. */
const house = (...rows: string[]): Seat[] =>
  rows.flatMap((seats, row) =>
    Array.from(seats, (seat, index): Seat => {
      const status = seat === '.' ? 'AVAILABLE' : 'BOOKED';
      const id = `${row}-${index}`;
      return { id, row: `${row}`, number: index + 1, position: row * 100 + index, status };
    }),
  );

const seat = (id: string, status: SeatStatus): Seat => ({
  ...house('.')[0]!,
  id,
  status,
});

describe('Seats', () => {
  it('picks the first that are next to each other', () => {
    const seats = new Seats(house('.x.', 'x...'));
    expect(seats.pick(1)).toEqual(['0-0']);
    expect(seats.pick(2)).toEqual(['1-1', '1-2']);
    expect(seats.pick(3)).toEqual(['1-1', '1-2', '1-3']);
  });

  it('does not take the end of one row and the beginning of the next for neighbours', () => {
    expect(new Seats(house('x.', '.x', '..')).pick(2)).toEqual(['2-0', '2-1']);
  });

  it('picks the first that are free, if there are not enough side by side', () => {
    expect(new Seats(house('.x.', '..')).pick(3)).toEqual(['0-0', '0-2', '1-0']);
  });

  it('picks none if not enough are known', () => {
    const seats = new Seats(house('.x.'));
    expect(seats.pick(3)).toBeUndefined();
    expect(seats.changes()).toEqual([]);
  });

  it('picks what came free, in whatever order it was loaded', () => {
    const seats = new Seats(house('xx.', '...').reverse());
    seats.book(seats.pick(1)!);
    seats.free(['0-1', '0-2']);
    expect(seats.pick(2)).toEqual(['0-1', '0-2']);
  });

  it('writes each seat as it is in the end, and none that is what it was', () => {
    const seats = new Seats(house('...x'));
    seats.hold(['0-0', '0-1'], 'hold');
    seats.confirm(['0-0']);
    seats.book(['0-2']);
    seats.free(['0-2', '0-3']);
    expect(seats.changes()).toEqual([
      { id: '0-0', status: 'BOOKED', holdId: null },
      { id: '0-1', status: 'HELD', holdId: 'hold' },
      { id: '0-3', status: 'AVAILABLE', holdId: null },
    ]);
  });

  it('writes a seat that was held and is held again: by another hold', () => {
    const seats = new Seats([seat('A1', 'HELD')]);
    seats.free(['A1']);
    seats.hold(['A1'], 'another');
    expect(seats.changes()).toEqual([{ id: 'A1', status: 'HELD', holdId: 'another' }]);
  });

  it.each<[string, (seats: Seats) => void]>([
    ['give a seat twice', (seats) => seats.book(['A1', 'A1'])],
    ['give a seat that is taken', (seats) => seats.hold(['B1'], 'hold')],
    ['confirm what is not held', (seats) => seats.confirm(['A1'])],
    ['free what is free', (seats) => seats.free(['A1'])],
    ['touch a seat that was not loaded', (seats) => seats.book(['Z9'])],
  ])('will not %s', (_, impossible) => {
    const seats = new Seats([seat('A1', 'AVAILABLE'), seat('B1', 'BOOKED')]);
    expect(() => impossible(seats)).toThrow('cannot be');
  });
});
