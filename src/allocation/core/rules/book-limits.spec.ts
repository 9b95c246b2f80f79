import { BoxOffice } from '../../../../test/unit/support/box-office.js';

describe('book with limits', () => {
  const perBooking = { code: 'limit_exceeded', requested: 3, limit: 2, per: 'booking' };

  it('checks `maxPerBooking` before availability', () => {
    const office = new BoxOffice({ capacity: 4, rules: { maxPerBooking: 2 } });
    office.book('Ann', 2);
    office.book('Bob', 2);
    expect(office.book('Cyd', 3)).toEqual({ kind: 'refused', refusal: perBooking });
  });

  it('applies `maxPerPerson` across bookings', () => {
    const office = new BoxOffice({ capacity: 20, rules: { maxPerPerson: 9 } });
    const refusal = { code: 'limit_exceeded', limit: 9, per: 'person' };
    expect(office.book('Ann', 10)).toMatchObject({ refusal: { ...refusal, requested: 10 } });
    for (let n = 0; n < 9; n += 1) office.booked('Ann');
    expect(office.book('Ann')).toEqual({
      kind: 'refused',
      refusal: { ...refusal, requested: 1, has: 9 },
    });
    expect(office.booked('Bob', 9).tickets).toHaveLength(9);
  });

  it('counts places waited for, so that a promotion never exceeds the limit', () => {
    const office = new BoxOffice({ capacity: 2, rules: { maxPerPerson: 3 } });
    office.book('Ann', 2);
    expect(office.book('Bob', 2)).toMatchObject({ kind: 'waitlisted' });
    const refusal = { code: 'limit_exceeded', requested: 2, limit: 3, per: 'person', has: 2 };
    expect(office.book('Bob', 2)).toEqual({ kind: 'refused', refusal });
    office.cancel('Ann', { by: 'newest', quantity: 2 });
    expect(office.ticketsOf('Bob')).toBe(2);
    expect(office.book('Bob', 2)).toMatchObject({ refusal: { has: 2 } });
  });

  it('counts held places until the hold expires', () => {
    const office = new BoxOffice({ capacity: 5, rules: { maxPerPerson: 2 } });
    const holdId = office.held('Ann', 2, 60);
    expect(office.book('Ann')).toMatchObject({ refusal: { code: 'limit_exceeded', has: 2 } });
    office.endHold('confirm', holdId);
    expect(office.book('Ann')).toMatchObject({ refusal: { code: 'limit_exceeded', has: 2 } });
    office.held('Bob', 2, 60);
    office.later(60);
    expect(office.book('Bob', 2)).toMatchObject({ kind: 'booked' });
  });

  it('no longer counts places that were cancelled, declined or left', () => {
    const office = new BoxOffice({ capacity: 2, rules: { maxPerPerson: 2, mode: 'offer' } });
    office.book('Ann', 2);
    office.book('Bob', 2);
    office.endEntry('leave', office.entryOf('Bob').id);
    expect(office.book('Bob', 2)).toMatchObject({ kind: 'waitlisted' });
    office.cancel('Ann', { by: 'newest', quantity: 2 });
    expect(office.book('Ann', 2)).toMatchObject({ kind: 'waitlisted' });
    office.endEntry('decline', office.entryOf('Bob').id);
    expect(office.book('Bob', 2)).toMatchObject({ kind: 'waitlisted' });
  });

  it('keeps what a person had before the limit was lowered', () => {
    const office = new BoxOffice({ capacity: 3 });
    office.book('Ann', 3);
    office.book('Bob', 2);
    office.configure({ maxPerPerson: 1, maxPerBooking: 1 });
    office.cancel('Ann', { by: 'newest', quantity: 2 });
    expect([office.ticketsOf('Ann'), office.ticketsOf('Bob')]).toEqual([1, 2]);
  });
});

describe('a blind command', () => {
  const blind = (office: BoxOffice, userId: string, onSoldOut: 'wait' | 'refuse') =>
    office.do({ kind: 'book', userId, quantity: 1, onSoldOut, isBlind: true });

  it('is refused as for a person who has nothing, wherever that person would be refused', () => {
    const rules = { maxPerPerson: 2, waitlistMax: 1 };
    const office = new BoxOffice({ capacity: 2, rules });
    office.book('Ann', 2);
    office.book('Bob', 1);
    for (const userId of ['Ann', 'Bob', 'Cyd']) {
      expect(blind(office, userId, 'refuse')).toMatchObject({ refusal: { code: 'sold_out' } });
      expect(blind(office, userId, 'wait')).toMatchObject({ refusal: { code: 'waitlist_full' } });
    }
  });

  it('is refused for what the person has where anyone else would be served', () => {
    const office = new BoxOffice({ capacity: 2, rules: { maxPerPerson: 2 } });
    office.book('Ann', 2);
    office.book('Bob', 1);
    const limited = { code: 'limit_exceeded', requested: 1, limit: 2, per: 'person' };
    expect(blind(office, 'Ann', 'wait')).toEqual({ kind: 'refused', refusal: limited });
    expect(blind(office, 'Bob', 'wait')).toMatchObject({ refusal: { code: 'already_waiting' } });
    expect(blind(office, 'Cyd', 'wait')).toMatchObject({ kind: 'waitlisted' });
  });
});
