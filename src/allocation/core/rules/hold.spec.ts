import { BoxOffice } from '../../../../test/unit/support/box-office.js';

const refusal = (code: string) => ({ kind: 'refused', refusal: { code } });

describe('hold', () => {
  it('holds places until the expiry', () => {
    const office = new BoxOffice({ capacity: 5 });
    const outcome = office.hold('Ann', 2, 90);
    expect(outcome).toMatchObject({
      kind: 'held',
      hold: { userId: 'Ann', quantity: 2, status: 'HELD', waitlistEntryId: null },
    });
    expect(office.now).toMatchObject({ held: 2, available: 3, booked: 0, version: 1 });
    expect(office.now.holdsExpireAt).toEqual(new Date('2026-01-01T00:01:30Z'));
    expect(office.messageTypes).toEqual(['hold.created']);
  });

  it('refuses with sold_out if the section is full or others wait', () => {
    const office = new BoxOffice({ capacity: 3 });
    office.book('Ann', 2);
    expect(office.hold('Bob', 2)).toMatchObject({ refusal: { code: 'sold_out', requested: 2 } });
    office.book('Cyd', 2);
    expect(office.hold('Bob', 1)).toMatchObject({ refusal: { code: 'sold_out', requested: 1 } });
    office.configure({ fit: 'skip' });
    expect(office.hold('Bob', 1)).toMatchObject({ kind: 'held' });
  });

  it('is refused for the same reasons as a booking', () => {
    const office = new BoxOffice({ capacity: 5, rules: { maxPerBooking: 2, maxPerPerson: 3 } });
    expect(office.hold('Ann', 6)).toMatchObject({ refusal: { code: 'exceeds_capacity' } });
    expect(office.hold('Ann', 3)).toMatchObject({ refusal: { per: 'booking' } });
    office.hold('Ann', 2);
    expect(office.hold('Ann', 2)).toMatchObject({ refusal: { per: 'person', has: 2 } });
    office.do({ kind: 'close' });
    expect(office.hold('Ann', 1)).toMatchObject(refusal('event_not_on_sale'));
  });

  it('holds the named seats', () => {
    const office = new BoxOffice({ rows: { A: 3 } });
    const seatIds = ['A2'];
    office.do({ kind: 'hold', userId: 'Ann', quantity: 1, seatIds, ttlSeconds: 60 });
    expect(office.bookSeats('Bob', ['A2'])).toMatchObject({
      refusal: { code: 'seat_taken', seatIds },
    });
    expect(office.state.seats.changes()).toMatchObject([{ id: 'A2', status: 'HELD' }]);
  });
});

describe('confirm', () => {
  it('turns the hold and its seats into a booking', () => {
    const office = new BoxOffice({ rows: { A: 3 } });
    const holdId = office.held('Ann', 2);
    office.later(59);
    expect(office.endHold('confirm', holdId)).toMatchObject({
      kind: 'booked',
      booking: { userId: 'Ann', quantity: 2, holdId, waitlistEntryId: null },
      tickets: [{ seatId: 'A1' }, { seatId: 'A2' }],
    });
    expect(office.now).toMatchObject({ booked: 2, held: 0, available: 1, holdsExpireAt: null });
    expect(office.messageTypes).toEqual(['hold.confirmed', 'booking.confirmed']);
    expect(office.state.holds.changes().ended.CONFIRMED).toEqual([holdId]);
  });

  it('books although others wait: the places were held', () => {
    const office = new BoxOffice({ capacity: 1 });
    const holdId = office.held('Ann');
    office.book('Bob');
    expect(office.endHold('confirm', holdId)).toMatchObject({ kind: 'booked' });
  });

  it('refuses after the event was cancelled', () => {
    const office = new BoxOffice({ capacity: 1 });
    const holdId = office.held('Ann');
    office.do({ kind: 'close' });
    const before = office.snapshot;
    expect(office.endHold('confirm', holdId)).toEqual(refusal('event_not_on_sale'));
    expect(office.snapshot).toEqual(before);
    expect(office.endHold('release', holdId)).toMatchObject({ kind: 'released' });
  });

  it('refuses an ended or unknown hold with the reason', () => {
    const office = new BoxOffice({ capacity: 5 });
    const [confirmed, released, expired] = [
      office.held('Ann'),
      office.held('Ann'),
      office.held('Ann'),
    ];
    office.endHold('confirm', confirmed);
    office.endHold('release', released);
    office.later(60);
    for (const kind of ['confirm', 'release'] as const) {
      const before = office.snapshot;
      expect(office.endHold(kind, confirmed)).toEqual(refusal('hold_confirmed'));
      expect(office.endHold(kind, released)).toEqual(refusal('hold_released'));
      expect(office.endHold(kind, expired)).toEqual(refusal('hold_expired'));
      expect(office.endHold(kind, 'no-such-hold')).toEqual(refusal('hold_not_found'));
      expect(office.snapshot).toEqual(before);
    }
  });

  it('accepts the offer if the hold is one', () => {
    const office = new BoxOffice({ capacity: 1, rules: { mode: 'offer' } });
    office.book('Ann');
    office.book('Bob');
    office.cancel('Ann');
    const { id, holdId } = office.entryOf('Bob');
    expect(office.endHold('confirm', holdId!)).toMatchObject({ booking: { waitlistEntryId: id } });
    expect(office.state.waitlist.find(id)).toMatchObject({ status: 'PROMOTED', holdId: null });
  });
});

describe('release', () => {
  it('gives the places to the waitlist', () => {
    const office = new BoxOffice({ capacity: 1 });
    const holdId = office.held('Ann');
    office.book('Bob');
    expect(office.endHold('release', holdId)).toMatchObject({
      kind: 'released',
      hold: { id: holdId, status: 'RELEASED' },
    });
    expect(office.ticketsOf('Bob')).toBe(1);
  });

  it('declines the offer if the hold is one', () => {
    const office = new BoxOffice({ capacity: 1, rules: { mode: 'offer' } });
    office.book('Ann');
    office.book('Bob');
    office.cancel('Ann');
    const { id, holdId } = office.entryOf('Bob');
    office.endHold('release', holdId!);
    expect(office.state.waitlist.find(id)).toMatchObject({ status: 'DECLINED' });
    expect(office.now).toMatchObject({ held: 0, available: 1, waiting: 0 });
  });
});
