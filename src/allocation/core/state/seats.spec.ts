import { type Seat, Seats, type SeatStatus } from './seats.js';

/** Seats by row, `.` free and `x` taken. Positions start at 0 in the first row, at 100 in the next. */
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
  it('picks the first seats next to each other', () => {
    const seats = new Seats(house('.x.', 'x...'));
    expect(seats.pick(1)).toEqual(['0-0']);
    expect(seats.pick(2)).toEqual(['1-1', '1-2']);
    expect(seats.pick(3)).toEqual(['1-1', '1-2', '1-3']);
  });

  it('does not treat the end of a row and the start of the next as neighbours', () => {
    expect(new Seats(house('x.', '.x', '..')).pick(2)).toEqual(['2-0', '2-1']);
  });

  it('picks the first free seats if too few are next to each other', () => {
    expect(new Seats(house('.x.', '..')).pick(3)).toEqual(['0-0', '0-2', '1-0']);
  });

  it('picks none if too few are loaded', () => {
    const seats = new Seats(house('.x.'));
    expect(seats.pick(3)).toBeUndefined();
    expect(seats.changes()).toEqual([]);
  });

  it('picks seats that came free, in whatever order they were loaded', () => {
    const seats = new Seats(house('xx.', '...').reverse());
    seats.book(seats.pick(1)!);
    seats.free(['0-1', '0-2']);
    expect(seats.pick(2)).toEqual(['0-1', '0-2']);
  });

  it('writes each changed seat once, in its final state', () => {
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

  it('writes a seat that changes from one hold to another', () => {
    const seats = new Seats([seat('A1', 'HELD')]);
    seats.free(['A1']);
    seats.hold(['A1'], 'another');
    expect(seats.changes()).toEqual([{ id: 'A1', status: 'HELD', holdId: 'another' }]);
  });

  it.each<[string, (seats: Seats) => void]>([
    ['give a seat twice', (seats) => seats.book(['A1', 'A1'])],
    ['give a seat that is taken', (seats) => seats.hold(['B1'], 'hold')],
    ['confirm what is not held', (seats) => seats.confirm(['A1'])],
    ['free a free seat', (seats) => seats.free(['A1'])],
    ['touch a seat that was not loaded', (seats) => seats.book(['Z9'])],
  ])('refuses to %s', (_, impossible) => {
    const seats = new Seats([seat('A1', 'AVAILABLE'), seat('B1', 'BOOKED')]);
    expect(() => impossible(seats)).toThrow('cannot be');
  });
});
