import { LockedSection } from '../state/locked-section.js';
import type { Fit } from '../state/section-rules.js';
import { RULES, sectionWith } from '../../../../test/unit/support/box-office.js';
import type { WaitlistEntry, WaitingEntry } from './waitlist-entry.js';
import { Waitlist } from './waitlist.js';
import type { WaitlistWindow } from './waitlist-queue.js';

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

/** The first entries, and nothing about those behind. */
const heads = (...entries: WaitingEntry[]): WaitlistWindow => ({
  minQuantity: 1,
  maxQuantity: Infinity,
  entries,
  isWhole: false,
});

const WINDOW = heads(entry('Ann', 3), entry('Bob', 5, 2), entry('Cyd', 7));

/** Promotes the next entry that gets some of the places; returns its user. */
function serve(waitlist: Waitlist, places: number): string | undefined {
  const next = waitlist.next(places);
  if (next !== undefined) waitlist.end(next.id, 'PROMOTED');
  return next?.userId;
}

describe('Waitlist', () => {
  it('is empty if the section counts no WAITING entries', () => {
    expect(new Waitlist(full(0)).isEmpty).toBe(true);
    expect(new Waitlist(full(3)).isEmpty).toBe(false);
  });

  it('returns the head, then the next entry, each once', () => {
    const section = full(3);
    const waitlist = new Waitlist(section, [WINDOW]);
    expect([serve(waitlist, 9), serve(waitlist, 9), serve(waitlist, 9)]).toEqual([
      'Ann',
      'Bob',
      'Cyd',
    ]);
    expect(waitlist.next(9)).toBeUndefined();
    expect(section.row.waiting).toBe(0);
  });

  it('returns no entry while the head does not fit (`strict`)', () => {
    const waitlist = new Waitlist(full(3), [WINDOW]);
    serve(waitlist, 1);
    expect(waitlist.next(1)).toBeUndefined();
    expect(waitlist.changes().ended).toMatchObject({ PROMOTED: ['entry-of-Ann'], LEFT: [] });
  });

  it('skips entries that have left', () => {
    const waitlist = new Waitlist(full(3), [WINDOW]);
    waitlist.end('entry-of-Ann', 'LEFT');
    expect(waitlist.openEntryOf('Ann')).toBeUndefined();
    expect(waitlist.find('entry-of-Ann')).toMatchObject({ status: 'LEFT' });
    expect(serve(waitlist, 9)).toBe('Bob');
    expect(waitlist.changes().ended).toMatchObject({
      PROMOTED: ['entry-of-Bob'],
      LEFT: ['entry-of-Ann'],
    });
  });

  it('tracks an entry once that is in a window and concerns the batch', () => {
    const section = full(3);
    const waitlist = new Waitlist(section, [WINDOW], [waiting('Ann', 3)]);
    waitlist.end('entry-of-Ann', 'LEFT');
    expect(serve(waitlist, 9)).toBe('Bob');
    expect(section.row.waiting).toBe(1);
  });

  it('ends an entry behind the window', () => {
    const section = full(30);
    const waitlist = new Waitlist(section, [WINDOW], [waiting('Zoe', 400)]);
    waitlist.end('entry-of-Zoe', 'LEFT');
    expect(section.row.waiting).toBe(29);
    expect(serve(waitlist, 9)).toBe('Ann');
    expect(waitlist.changes().ended.LEFT).toEqual(['entry-of-Zoe']);
  });

  it('gives a new entry the next seq, and the number of WAITING entries as its position', () => {
    const waitlist = new Waitlist(full(3), [WINDOW]);
    expect(waitlist.join(person('Dee'))).toMatchObject({ entry: { seq: 10 }, position: 4 });
    expect(waitlist.openEntryOf('Dee')).toMatchObject({ seq: 10 });
    expect(waitlist.changes().joined).toMatchObject([
      { userId: 'Dee', seq: 10, status: 'WAITING' },
    ]);
  });

  it('returns entries of this batch after all older ones', () => {
    const waitlist = new Waitlist(full(3), [WINDOW]);
    waitlist.join(person('Dee'));
    expect([1, 2, 3, 4].map(() => serve(waitlist, 9))).toEqual(['Ann', 'Bob', 'Cyd', 'Dee']);
    expect(waitlist.changes()).toMatchObject({
      joined: [{ userId: 'Dee', status: 'PROMOTED' }],
      ended: { PROMOTED: ['entry-of-Ann', 'entry-of-Bob', 'entry-of-Cyd'] },
    });
  });

  it('throws rather than return a new entry before those behind the window', () => {
    const waitlist = new Waitlist(full(4), [WINDOW]);
    waitlist.join(person('Dee'));
    for (const name of ['Ann', 'Bob', 'Cyd']) expect(serve(waitlist, 9)).toBe(name);
    expect(() => waitlist.next(9)).toThrow('Too little');
  });

  describe('with offers', () => {
    it('keeps an OFFERED entry open, but not WAITING', () => {
      const section = full(3);
      const waitlist = new Waitlist(section, [WINDOW]);
      waitlist.offer('entry-of-Ann', 'hold');
      expect(section.row.waiting).toBe(2);
      expect(waitlist.openEntryOf('Ann')).toMatchObject({ status: 'OFFERED', holdId: 'hold' });
      expect(serve(waitlist, 9)).toBe('Bob');
      expect(waitlist.changes().offered).toEqual([{ id: 'entry-of-Ann', holdId: 'hold' }]);
    });

    it('writes an entry once that was offered places and ended in the same batch', () => {
      const section = full(3);
      const waitlist = new Waitlist(section, [WINDOW]);
      waitlist.offer('entry-of-Ann', 'hold');
      waitlist.end('entry-of-Ann', 'DECLINED');
      expect(waitlist.changes()).toMatchObject({
        offered: [],
        ended: { DECLINED: ['entry-of-Ann'] },
      });
      expect(section.row.waiting).toBe(2);
    });

    it('ends an offer of an earlier batch', () => {
      const offer: WaitlistEntry = { ...entry('Zoe', 1), status: 'OFFERED', holdId: 'hold' };
      const waitlist = new Waitlist(full(3), [], [offer]);
      waitlist.end('entry-of-Zoe', 'EXPIRED');
      expect(waitlist.changes().ended.EXPIRED).toEqual(['entry-of-Zoe']);
      expect(() => waitlist.end('entry-of-Zoe', 'PROMOTED')).toThrow('is EXPIRED');
    });

    it('writes an entry that joined and got an offer as OFFERED', () => {
      const waitlist = new Waitlist(full(0));
      waitlist.join(person('Dee'));
      waitlist.offer('entry-of-Dee', 'hold');
      expect(waitlist.changes()).toMatchObject({
        joined: [{ userId: 'Dee', status: 'OFFERED', holdId: 'hold' }],
        offered: [],
      });
    });
  });

  describe('with `skip`', () => {
    const windowOn = (quantity: number, entries: WaitingEntry[], isWhole: boolean) => {
      return { minQuantity: quantity, maxQuantity: quantity, entries, isWhole };
    };
    const windows = [
      windowOn(1, [entry('Cyd', 7), entry('Dee', 8)], true),
      windowOn(2, [entry('Bob', 5, 2)], false),
      windowOn(3, [], true),
    ];

    it('returns the first entry that fits', () => {
      const waitlist = new Waitlist(full(9, 'skip'), windows);
      expect([serve(waitlist, 1), serve(waitlist, 2), serve(waitlist, 1)]).toEqual([
        'Cyd',
        'Bob',
        'Dee',
      ]);
      expect(waitlist.next(1)).toBeUndefined();
    });

    it('throws rather than pass over an entry of that quantity behind the window', () => {
      const waitlist = new Waitlist(full(9, 'skip'), windows);
      expect(serve(waitlist, 2)).toBe('Bob');
      expect(() => waitlist.next(2)).toThrow('Too little');
      expect(serve(waitlist, 1)).toBe('Cyd');
    });

    it('throws rather than pass over an entry of a quantity that was not loaded', () => {
      const waitlist = new Waitlist(full(9, 'skip'), windows);
      expect(() => waitlist.next(4)).toThrow('Too little');
    });
  });

  describe('in a section that shrinks', () => {
    it('returns all entries above the new capacity', () => {
      const large = [entry('Bob', 5, 4), entry('Dee', 8, 5)];
      const above = { minQuantity: 4, maxQuantity: Infinity, entries: large, isWhole: true };
      const waitlist = new Waitlist(full(9), [above]);
      expect(waitlist.waitingForMoreThan(3)).toEqual(large);
      expect(waitlist.waitingForMoreThan(4)).toEqual([large[1]]);
      expect(() => waitlist.waitingForMoreThan(2)).toThrow('Not all');
    });

    it('has no entries above the current capacity', () => {
      expect(new Waitlist(full(9)).waitingForMoreThan(10)).toEqual([]);
    });
  });
});
