import { RULES, sectionWith } from '../../../../test/unit/support/box-office.js';
import type { Command } from '../commands.js';
import { planWaitlistLoad, seatDemand } from './waitlist-load-plan.js';

const sectionId = 'stalls';
const NOTHING = { tickets: 0, heldPlaces: 0, isOverdue: false };
const line = sectionWith({ booked: 8, available: 2, bookings: 1, waiting: 5, lastSeq: 5 });
const leave: Command = { kind: 'leave', sectionId, entryId: 'entry' };
const book = (quantity: number, seatIds?: string[]): Command => {
  return { kind: 'book', sectionId, userId: 'Ann', quantity, seatIds, onSoldOut: 'wait' };
};

describe('reachOf', () => {
  it('counts what is free and what may come free', () => {
    const freeable = { tickets: 3, heldPlaces: 4, isOverdue: false };
    expect(planWaitlistLoad(line, [leave, book(1)], freeable)).toEqual({
      fits: ['strict'],
      places: 9,
      departures: 1,
      shrinksTo: undefined,
    });
  });

  it('asks for nothing where nobody can be given places', () => {
    expect(planWaitlistLoad(line, [book(1)], NOTHING).fits).toEqual([]);
    expect(planWaitlistLoad(sectionWith(), [leave], NOTHING).fits).toEqual([]);
    expect(planWaitlistLoad({ ...line, sales: 'CLOSED' }, [leave], NOTHING).fits).toEqual([]);
  });

  it('asks where a hold is overdue, and where sales may open', () => {
    expect(planWaitlistLoad(line, [book(1)], { ...NOTHING, isOverdue: true }).fits).toEqual([
      'strict',
    ]);
    const open: Command = { kind: 'open', sectionId };
    expect(planWaitlistLoad({ ...line, sales: 'CLOSED' }, [open], NOTHING).fits).toEqual([
      'strict',
    ]);
  });

  it('asks for all the orders in which the line may be served', () => {
    const configure: Command = { kind: 'configure', sectionId, rules: { fit: 'strict' } };
    const skipping = { ...line, rules: { ...RULES, fit: 'skip' as const } };
    expect(planWaitlistLoad(skipping, [configure], NOTHING).fits).toEqual(['skip', 'strict']);
  });

  it('counts the places that a section may gain, and says how far it may shrink', () => {
    const resize = (capacity: number): Command => ({ kind: 'resize', sectionId, capacity });
    expect(
      planWaitlistLoad(line, [resize(12), resize(15), resize(9), resize(8)], NOTHING),
    ).toMatchObject({
      places: 7,
      shrinksTo: 8,
    });
  });

  it('leaves out what other sections are about', () => {
    expect(planWaitlistLoad(line, [{ ...leave, sectionId: 'balcony' }], NOTHING).fits).toEqual([]);
  });
});

describe('seatDemand', () => {
  const seated = { ...sectionWith({ isSeated: true }), available: 9 };

  it('counts who books and who waits, and named seats among the first', () => {
    expect(seatDemand(seated, [book(2), book(1, ['A1'])], [{ quantity: 3 }])).toBe(6);
  });

  it('is no more than there is', () => {
    expect(seatDemand(seated, [book(8), book(8)], [])).toBe(9);
  });

  it('is nothing where nobody is given seats he did not choose', () => {
    expect(seatDemand(seated, [book(1, ['A1'])], [])).toBe(0);
    expect(seatDemand(sectionWith(), [book(2)], [])).toBe(0);
  });
});
