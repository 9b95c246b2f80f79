import { LockedSection } from '../../inventory/core/locked-section.js';
import { sectionWith } from '../../../test/unit/support/box-office.js';
import { Line, type WaitingEntry } from './line.js';

const person = (userId: string, quantity = 1) => ({
  id: `entry-of-${userId}`,
  eventId: 'concert',
  sectionId: 'stalls',
  userId,
  quantity,
  createdAt: new Date(0),
});

const entry = (userId: string, seq: number, quantity = 1): WaitingEntry => ({
  ...person(userId, quantity),
  seq,
});

const full = (waiting: number) =>
  new LockedSection(sectionWith({ booked: 10, available: 0, bookings: 1, waiting, lastSeq: 9 }));

const WINDOW = [entry('Ann', 3), entry('Bob', 5, 2), entry('Cyd', 7)];

describe('Line', () => {
  it('is empty when the section says that nobody waits', () => {
    expect(new Line(full(0), []).isEmpty).toBe(true);
    expect(new Line(full(3), []).isEmpty).toBe(false);
  });

  it('takes the head off, then the next, each once', () => {
    const section = full(3);
    const line = new Line(section, WINDOW);
    expect([line.takeNext(9), line.takeNext(9), line.takeNext(9)]).toEqual(WINDOW);
    expect(line.takeNext(9)).toBeUndefined();
    expect(section.now.waiting).toBe(0);
  });

  it('keeps everybody waiting behind a head that wants more', () => {
    const line = new Line(full(3), WINDOW);
    line.takeNext(1);
    expect(line.takeNext(1)).toBeUndefined();
    expect(line.changes().ended).toEqual({ PROMOTED: ['entry-of-Ann'], LEFT: [] });
  });

  it('passes over whoever has left', () => {
    const line = new Line(full(3), WINDOW);
    line.leave(line.entryOf('Ann')!);
    expect(line.entryOf('Ann')).toBeUndefined();
    expect(line.takeNext(9)).toMatchObject({ userId: 'Bob' });
    expect(line.changes().ended).toEqual({
      PROMOTED: ['entry-of-Bob'],
      LEFT: ['entry-of-Ann'],
    });
  });

  it('counts a person once who stands in the window and was asked for by name', () => {
    const section = full(3);
    const line = new Line(section, WINDOW, [entry('Ann', 3)]);
    line.leave(line.entryOf('Ann')!);
    expect(line.takeNext(9)).toMatchObject({ userId: 'Bob' });
    expect(section.now.waiting).toBe(1);
  });

  it('lets people leave who stand far behind the window', () => {
    const section = full(30);
    const line = new Line(section, WINDOW, [entry('Zoe', 400)]);
    line.leave(line.entryOf('Zoe')!);
    expect(section.now.waiting).toBe(29);
    expect(line.takeNext(9)).toMatchObject({ userId: 'Ann' });
    expect(line.changes().ended.LEFT).toEqual(['entry-of-Zoe']);
  });

  it('gives who joins the next seq and the number that now wait as position', () => {
    const line = new Line(full(3), WINDOW);
    expect(line.join(person('Dee'))).toMatchObject({ entry: { seq: 10 }, position: 4 });
    expect(line.entryOf('Dee')).toMatchObject({ seq: 10 });
    expect(line.changes().joined).toMatchObject([{ userId: 'Dee', seq: 10, ended: undefined }]);
  });

  it('serves who joined in this batch after everybody who was there before', () => {
    const line = new Line(full(3), WINDOW);
    line.join(person('Dee'));
    expect([1, 2, 3, 4].map(() => line.takeNext(9)?.userId)).toEqual(['Ann', 'Bob', 'Cyd', 'Dee']);
    expect(line.changes()).toMatchObject({
      joined: [{ userId: 'Dee', ended: 'PROMOTED' }],
      ended: { PROMOTED: ['entry-of-Ann', 'entry-of-Bob', 'entry-of-Cyd'] },
    });
  });

  it('would rather stop than let a newcomer pass those behind the window', () => {
    const line = new Line(full(4), WINDOW);
    line.join(person('Dee'));
    for (const { userId } of WINDOW) expect(line.takeNext(9)).toMatchObject({ userId });
    expect(() => line.takeNext(9)).toThrow('too short');
  });
});
