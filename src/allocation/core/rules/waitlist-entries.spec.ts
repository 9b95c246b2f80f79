import { BoxOffice } from '../../../../test/unit/support/box-office.js';

const refusal = (code: string) => ({ kind: 'refused', refusal: { code } });

/** Ann has cancelled the only place; it is offered to Bob, and Cyd waits. */
function offered(): { office: BoxOffice; bob: string; cyd: string } {
  const office = new BoxOffice({ capacity: 1, rules: { mode: 'offer', offerTtlSeconds: 60 } });
  office.book('Ann');
  office.book('Bob');
  office.book('Cyd');
  office.cancel('Ann');
  return { office, bob: office.entryOf('Bob').id, cyd: office.entryOf('Cyd').id };
}

describe('accept', () => {
  it('books the offered places', () => {
    const { office, bob } = offered();
    const { holdId } = office.entryOf('Bob');
    office.later(59);
    expect(office.endEntry('accept', bob)).toMatchObject({
      kind: 'booked',
      booking: { userId: 'Bob', quantity: 1, waitlistEntryId: bob, holdId },
    });
    expect(office.now).toMatchObject({ booked: 1, held: 0, waiting: 1 });
    expect(office.messageTypes).toEqual([
      'hold.confirmed',
      'booking.confirmed',
      'waitlist.promoted',
    ]);
  });

  it('refuses at the expiry of the offer, when the next entry has got the place', () => {
    const { office, bob, cyd } = offered();
    office.later(60);
    const before = office.snapshot;
    expect(office.endEntry('accept', bob)).toEqual(refusal('offer_expired'));
    expect(office.snapshot).toEqual(before);
    expect(office.state.waitlist.find(cyd)).toMatchObject({ status: 'OFFERED' });
  });

  it('refuses after the event was cancelled', () => {
    const { office, bob } = offered();
    office.do({ kind: 'close' });
    const before = office.snapshot;
    expect(office.endEntry('accept', bob)).toEqual(refusal('event_not_on_sale'));
    expect(office.snapshot).toEqual(before);
  });

  it('refuses an entry that is WAITING, has ended or does not exist', () => {
    const { office, bob, cyd } = offered();
    expect(office.endEntry('accept', cyd)).toEqual(refusal('not_offered'));
    office.endEntry('accept', bob);
    expect(office.endEntry('accept', bob)).toEqual(refusal('entry_not_found'));
    expect(office.endEntry('accept', 'no-such-entry')).toEqual(refusal('entry_not_found'));
  });
});

describe('decline', () => {
  it('offers the places to the next entry', () => {
    const { office, bob, cyd } = offered();
    expect(office.endEntry('decline', bob)).toMatchObject({
      kind: 'declined',
      entry: { userId: 'Bob', status: 'DECLINED', holdId: null },
    });
    expect(office.state.waitlist.find(cyd)).toMatchObject({ status: 'OFFERED' });
    expect(office.messageTypes.slice(-4)).toEqual([
      'hold.released',
      'waitlist.declined',
      'hold.created',
      'waitlist.offered',
    ]);
  });

  it('refuses an entry without an open offer', () => {
    const { office, bob, cyd } = offered();
    expect(office.endEntry('decline', cyd)).toEqual(refusal('not_offered'));
    office.later(60);
    expect(office.endEntry('decline', bob)).toEqual(refusal('offer_expired'));
    expect(office.endEntry('decline', 'no-such-entry')).toEqual(refusal('entry_not_found'));
  });
});

describe('leave', () => {
  it('ends a WAITING entry', () => {
    const { office, cyd } = offered();
    expect(office.endEntry('leave', cyd)).toMatchObject({
      kind: 'left',
      entry: { status: 'LEFT' },
    });
    expect(office.now.waiting).toBe(0);
    expect(office.endEntry('leave', cyd)).toEqual(refusal('entry_not_found'));
  });

  it('declines an open offer', () => {
    const { office, bob } = offered();
    expect(office.endEntry('leave', bob)).toMatchObject({
      kind: 'declined',
      entry: { status: 'DECLINED' },
    });
    expect(office.entryOf('Cyd').status).toBe('OFFERED');
  });

  it('promotes the entries behind a head that did not fit', () => {
    const office = new BoxOffice({ capacity: 3 });
    office.book('Ann', 2);
    office.book('Bob', 2);
    office.book('Cyd', 1);
    office.endEntry('leave', office.entryOf('Bob').id);
    expect(office.ticketsOf('Cyd')).toBe(1);
  });

  it('lets the person join again, at the end', () => {
    const office = new BoxOffice({ capacity: 1 });
    office.book('Ann');
    office.book('Bob');
    office.book('Cyd');
    office.endEntry('leave', office.entryOf('Bob').id);
    expect(office.book('Bob')).toMatchObject({ kind: 'waitlisted', position: 2 });
  });
});
