import { BoxOffice } from '../../../../test/unit/support/box-office.js';

describe('resize', () => {
  it('gives new places to the waitlist at once', () => {
    const office = new BoxOffice({ capacity: 1 });
    office.book('Ann');
    office.book('Bob');
    office.book('Cyd', 1);
    expect(office.resize(2)).toMatchObject({ section: { capacity: 2, booked: 2, waiting: 1 } });
    expect(office.ticketsOf('Bob')).toBe(1);
    expect(office.messageTypes.slice(3)).toEqual([
      'section.resized',
      'booking.confirmed',
      'waitlist.promoted',
    ]);
  });

  it('removes free places, but none that are booked or held', () => {
    const office = new BoxOffice({ capacity: 5 });
    office.book('Ann', 2);
    office.hold('Bob', 1);
    const before = office.snapshot;
    expect(office.resize(2)).toEqual({
      kind: 'refused',
      refusal: { code: 'capacity_below_sold', requested: 2, sold: 3 },
    });
    expect(office.snapshot).toEqual(before);
    expect(office.resize(3)).toMatchObject({ section: { capacity: 3, available: 0 } });
  });

  it('voids entries above the new capacity, and promotes those behind', () => {
    const office = new BoxOffice({ capacity: 4 });
    office.book('Ann', 1);
    office.book('Bob', 4);
    office.book('Cyd', 2);
    office.resize(3);
    expect(office.isOnWaitlist('Bob')).toBe(false);
    expect(office.ticketsOf('Cyd')).toBe(2);
    expect(office.messageTypes.slice(3)).toEqual([
      'section.resized',
      'waitlist.voided',
      'booking.confirmed',
      'waitlist.promoted',
    ]);
  });

  it('refuses a section with seats', () => {
    const office = new BoxOffice({ rows: { A: 3 } });
    expect(office.resize(4)).toEqual({ kind: 'refused', refusal: { code: 'section_seated' } });
  });

  it('changes nothing if nothing is different', () => {
    const office = new BoxOffice({ capacity: 4 });
    expect(office.resize(4)).toMatchObject({ kind: 'resized', section: { version: 0 } });
    expect(office.messageTypes).toEqual([]);
  });
});

describe('configure', () => {
  it('changes the named rules and keeps the others', () => {
    const office = new BoxOffice({ rules: { maxPerBooking: 4, fit: 'skip' } });
    expect(office.configure({ maxPerBooking: null, fit: 'skip' })).toMatchObject({
      kind: 'configured',
      section: { rules: { maxPerBooking: null, fit: 'skip' }, version: 1 },
    });
    expect(office.state.messages).toMatchObject([
      { type: 'section.configured', payload: { maxPerBooking: null } },
    ]);
  });

  it('promotes by the new rules', () => {
    const office = new BoxOffice({ capacity: 3 });
    office.book('Ann', 2);
    office.book('Bob', 2);
    office.book('Cyd', 1);
    office.configure({ fit: 'skip' });
    expect(office.ticketsOf('Cyd')).toBe(1);
    expect(office.isOnWaitlist('Bob')).toBe(true);
  });

  it('keeps the entries when the waitlist is disabled', () => {
    const office = new BoxOffice({ capacity: 1 });
    office.book('Ann');
    office.book('Bob');
    office.configure({ waitlistEnabled: false });
    expect(office.book('Cyd')).toMatchObject({ refusal: { code: 'sold_out' } });
    office.cancel('Ann');
    expect(office.ticketsOf('Bob')).toBe(1);
  });

  it('changes nothing if nothing is different', () => {
    const office = new BoxOffice({ rules: { maxPerBooking: 4 } });
    office.configure({ maxPerBooking: 4 });
    office.configure({});
    expect(office.now.version).toBe(0);
  });
});

describe('open and close', () => {
  it('start and stop sales, and emit one message each', () => {
    const office = new BoxOffice({ sales: 'CLOSED' });
    expect(office.do({ kind: 'open' })).toMatchObject({
      kind: 'opened',
      section: { sales: 'OPEN' },
    });
    office.do({ kind: 'open' });
    office.do({ kind: 'close' });
    expect(office.do({ kind: 'close' })).toMatchObject({ kind: 'closed' });
    expect(office.messageTypes).toEqual(['section.opened', 'section.closed']);
  });

  it('let holds expire while sales are closed, without promoting anyone', () => {
    const office = new BoxOffice({ capacity: 1 });
    office.hold('Ann', 1, 60);
    office.book('Bob');
    office.do({ kind: 'close' });
    office.later(60);
    expect(office.now).toMatchObject({ held: 0, available: 1, waiting: 1 });
  });
});

describe('voidRemaining', () => {
  it('ends bookings, holds, offers and entries, and returns their number', () => {
    const office = new BoxOffice({ capacity: 4, rules: { mode: 'offer' } });
    office.book('Ann', 3);
    office.hold('Bob', 1);
    office.book('Cyd', 2);
    office.book('Dee', 2);
    office.cancel('Ann', { by: 'newest', quantity: 2 });
    office.do({ kind: 'close' });
    office.later(1);
    expect(office.do({ kind: 'voidRemaining' })).toEqual({ kind: 'voided', ended: 4 });
    expect(office.now).toMatchObject({ booked: 0, held: 0, available: 4, bookings: 0, waiting: 0 });
    expect(office.state.waitlist.changes().ended.VOIDED).toHaveLength(2);
    expect(office.do({ kind: 'voidRemaining' })).toEqual({ kind: 'voided', ended: 0 });
  });

  it('counts holds that have just expired: more may be left', () => {
    const office = new BoxOffice();
    office.hold('Ann', 1, 60);
    office.do({ kind: 'close' });
    office.later(60);
    expect(office.do({ kind: 'voidRemaining' })).toEqual({ kind: 'voided', ended: 1 });
    office.later(1);
    expect(office.do({ kind: 'voidRemaining' })).toEqual({ kind: 'voided', ended: 0 });
  });

  it('frees the seats', () => {
    const office = new BoxOffice({ rows: { A: 2 } });
    office.book('Ann');
    office.hold('Bob');
    office.do({ kind: 'close' });
    office.do({ kind: 'voidRemaining' });
    expect(office.state.seats.changes()).toEqual([]);
  });

  it('throws for a section that is on sale', () => {
    expect(() => new BoxOffice().do({ kind: 'voidRemaining' })).toThrow('not closed');
  });
});
