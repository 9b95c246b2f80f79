import { LockedSection } from '../state/locked-section.js';
import type { Fit } from '../state/section-rules.js';
import { RULES, sectionWith } from '../../../../test/unit/support/box-office.js';
import type { WaitlistEntry, WaitingEntry } from './waitlist-entry.js';
import { Waitlist } from './waitlist.js';
import type { WaitlistWindow } from './waitlist-window.js';

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

const waiting = (userId: string, seq: number, quantity = 1): WaitlistEntry => ({
  ...entry(userId, seq, quantity),
  status: 'WAITING',
  holdId: null,
});

const full = (count: number, fit: Fit = 'strict') => {
  const rules = { ...RULES, fit };
  const counters = { booked: 10, available: 0, bookings: 1, waiting: count, lastSeq: 9 };
  return new LockedSection(sectionWith({ ...counters, rules }));
};

/** The first of the line, and nothing about those behind. */
const heads = (...entries: WaitingEntry[]): WaitlistWindow => ({
  minQuantity: 1,
  maxQuantity: Infinity,
  entries,
  isWhole: false,
});

const WINDOW = heads(entry('Ann', 3), entry('Bob', 5, 2), entry('Cyd', 7));

/** Serves who is next as far as the places go; answers who it was. */
function serve(line: Waitlist, places: number): string | undefined {
  const next = line.next(places);
  if (next !== undefined) line.end(next.id, 'PROMOTED');
  return next?.userId;
}

describe('Line', () => {
  it('is empty when the section says that nobody waits', () => {
    expect(new Waitlist(full(0)).isEmpty).toBe(true);
    expect(new Waitlist(full(3)).isEmpty).toBe(false);
  });

  it('serves the head, then the next, each once', () => {
    const section = full(3);
    const line = new Waitlist(section, [WINDOW]);
    expect([serve(line, 9), serve(line, 9), serve(line, 9)]).toEqual(['Ann', 'Bob', 'Cyd']);
    expect(line.next(9)).toBeUndefined();
    expect(section.row.waiting).toBe(0);
  });

  it('keeps everybody waiting behind a head that wants more', () => {
    const line = new Waitlist(full(3), [WINDOW]);
    serve(line, 1);
    expect(line.next(1)).toBeUndefined();
    expect(line.changes().ended).toMatchObject({ PROMOTED: ['entry-of-Ann'], LEFT: [] });
  });

  it('passes over whoever has left', () => {
    const line = new Waitlist(full(3), [WINDOW]);
    line.end('entry-of-Ann', 'LEFT');
    expect(line.openEntryOf('Ann')).toBeUndefined();
    expect(line.find('entry-of-Ann')).toMatchObject({ status: 'LEFT' });
    expect(serve(line, 9)).toBe('Bob');
    expect(line.changes().ended).toMatchObject({
      PROMOTED: ['entry-of-Bob'],
      LEFT: ['entry-of-Ann'],
    });
  });

  it('counts a person once who stands in the window and was asked for by name', () => {
    const section = full(3);
    const line = new Waitlist(section, [WINDOW], [waiting('Ann', 3)]);
    line.end('entry-of-Ann', 'LEFT');
    expect(serve(line, 9)).toBe('Bob');
    expect(section.row.waiting).toBe(1);
  });

  it('lets people leave who stand far behind the window', () => {
    const section = full(30);
    const line = new Waitlist(section, [WINDOW], [waiting('Zoe', 400)]);
    line.end('entry-of-Zoe', 'LEFT');
    expect(section.row.waiting).toBe(29);
    expect(serve(line, 9)).toBe('Ann');
    expect(line.changes().ended.LEFT).toEqual(['entry-of-Zoe']);
  });

  it('gives who joins the next seq and the number that now wait as position', () => {
    const line = new Waitlist(full(3), [WINDOW]);
    expect(line.join(person('Dee'))).toMatchObject({ entry: { seq: 10 }, position: 4 });
    expect(line.openEntryOf('Dee')).toMatchObject({ seq: 10 });
    expect(line.changes().joined).toMatchObject([{ userId: 'Dee', seq: 10, status: 'WAITING' }]);
  });

  it('serves who joined in this batch after everybody who was there before', () => {
    const line = new Waitlist(full(3), [WINDOW]);
    line.join(person('Dee'));
    expect([1, 2, 3, 4].map(() => serve(line, 9))).toEqual(['Ann', 'Bob', 'Cyd', 'Dee']);
    expect(line.changes()).toMatchObject({
      joined: [{ userId: 'Dee', status: 'PROMOTED' }],
      ended: { PROMOTED: ['entry-of-Ann', 'entry-of-Bob', 'entry-of-Cyd'] },
    });
  });

  it('would rather stop than let a newcomer pass those behind the window', () => {
    const line = new Waitlist(full(4), [WINDOW]);
    line.join(person('Dee'));
    for (const name of ['Ann', 'Bob', 'Cyd']) expect(serve(line, 9)).toBe(name);
    expect(() => line.next(9)).toThrow('Too little');
  });

  describe('with offers', () => {
    it('lets who is offered places wait no longer, but not join again either', () => {
      const section = full(3);
      const line = new Waitlist(section, [WINDOW]);
      line.offer('entry-of-Ann', 'hold');
      expect(section.row.waiting).toBe(2);
      expect(line.openEntryOf('Ann')).toMatchObject({ status: 'OFFERED', holdId: 'hold' });
      expect(serve(line, 9)).toBe('Bob');
      expect(line.changes().offered).toEqual([{ id: 'entry-of-Ann', holdId: 'hold' }]);
    });

    it('writes once what was offered and ended in the same batch', () => {
      const section = full(3);
      const line = new Waitlist(section, [WINDOW]);
      line.offer('entry-of-Ann', 'hold');
      line.end('entry-of-Ann', 'DECLINED');
      expect(line.changes()).toMatchObject({ offered: [], ended: { DECLINED: ['entry-of-Ann'] } });
      expect(section.row.waiting).toBe(2);
    });

    it('ends an offer from before', () => {
      const offer: WaitlistEntry = { ...entry('Zoe', 1), status: 'OFFERED', holdId: 'hold' };
      const line = new Waitlist(full(3), [], [offer]);
      line.end('entry-of-Zoe', 'EXPIRED');
      expect(line.changes().ended.EXPIRED).toEqual(['entry-of-Zoe']);
      expect(() => line.end('entry-of-Zoe', 'PROMOTED')).toThrow('is EXPIRED');
    });

    it('writes who joined and was offered places at once in that state', () => {
      const line = new Waitlist(full(0));
      line.join(person('Dee'));
      line.offer('entry-of-Dee', 'hold');
      expect(line.changes()).toMatchObject({
        joined: [{ userId: 'Dee', status: 'OFFERED', holdId: 'hold' }],
        offered: [],
      });
    });
  });

  describe('that serves whoever fits', () => {
    const windowOn = (quantity: number, entries: WaitingEntry[], isWhole: boolean) => {
      return { minQuantity: quantity, maxQuantity: quantity, entries, isWhole };
    };
    const windows = [
      windowOn(1, [entry('Cyd', 7), entry('Dee', 8)], true),
      windowOn(2, [entry('Bob', 5, 2)], false),
      windowOn(3, [], true),
    ];

    it('serves the first whom the places fit', () => {
      const line = new Waitlist(full(9, 'skip'), windows);
      expect([serve(line, 1), serve(line, 2), serve(line, 1)]).toEqual(['Cyd', 'Bob', 'Dee']);
      expect(line.next(1)).toBeUndefined();
    });

    it('would rather stop than pass somebody of that size behind the window', () => {
      const line = new Waitlist(full(9, 'skip'), windows);
      expect(serve(line, 2)).toBe('Bob');
      expect(() => line.next(2)).toThrow('Too little');
      expect(serve(line, 1)).toBe('Cyd');
    });

    it('would rather stop than pass somebody who wants more than was looked at', () => {
      const line = new Waitlist(full(9, 'skip'), windows);
      expect(() => line.next(4)).toThrow('Too little');
    });
  });

  describe('of a section that shrinks', () => {
    it('knows all who want more than there will be', () => {
      const large = [entry('Bob', 5, 4), entry('Dee', 8, 5)];
      const above = { minQuantity: 4, maxQuantity: Infinity, entries: large, isWhole: true };
      const line = new Waitlist(full(9), [above]);
      expect(line.waitingForMoreThan(3)).toEqual(large);
      expect(line.waitingForMoreThan(4)).toEqual([large[1]]);
      expect(() => line.waitingForMoreThan(2)).toThrow('Not all');
    });

    it('knows that nobody wants more than there are', () => {
      expect(new Waitlist(full(9)).waitingForMoreThan(10)).toEqual([]);
    });
  });
});
