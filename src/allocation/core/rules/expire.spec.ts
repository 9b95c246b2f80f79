import { LockedSection } from '../state/locked-section.js';
import { Seats } from '../state/seats.js';
import { Waitlist } from '../waitlist/waitlist.js';
import { BoxOffice, sectionWith } from '../../../../test/unit/support/box-office.js';
import { PersonAllocations } from '../state/person-allocations.js';
import { expireOverdue } from './expire.js';
import { Holds } from '../state/holds.js';
import { SectionBookings } from '../state/section-bookings.js';

describe('expireOverdue', () => {
  it('ends a hold at its expiry and not before', () => {
    const office = new BoxOffice({ capacity: 1 });
    office.hold('Ann', 1, 60);
    office.book('Bob');
    office.later(59);
    expect(office.now).toMatchObject({ held: 1, waiting: 1 });
    office.later(1);
    expect(office.now).toMatchObject({ held: 0, booked: 1, waiting: 0 });
    expect(office.messageTypes).toEqual(['hold.expired', 'booking.confirmed', 'waitlist.promoted']);
  });

  it('frees the places of all overdue holds before it promotes anyone', () => {
    const office = new BoxOffice({ capacity: 2, rules: { fit: 'skip' } });
    office.hold('Ann', 1, 60);
    office.hold('Bob', 1, 60);
    office.book('Cyd', 2);
    office.book('Dee', 1);
    office.later(60);
    expect([office.ticketsOf('Cyd'), office.ticketsOf('Dee')]).toEqual([2, 0]);
  });

  it('sets when the next hold expires', () => {
    const office = new BoxOffice({ capacity: 9 });
    office.hold('Ann', 1, 60);
    office.hold('Bob', 1, 90);
    office.later(60);
    expect(office.now.holdsExpireAt).toEqual(new Date('2026-01-01T00:01:30Z'));
    office.later(30);
    expect(office.now.holdsExpireAt).toBeNull();
  });

  it('checks again only at the next expiry, which may be a low estimate', () => {
    const office = new BoxOffice({ capacity: 9 });
    const soon = office.held('Ann', 1, 60);
    office.hold('Bob', 1, 90);
    office.endHold('confirm', soon);
    expect(office.now.holdsExpireAt).toEqual(new Date('2026-01-01T00:01:00Z'));
    office.later(60);
    expect(office.state.messages).toEqual([]);
    expect(office.now.holdsExpireAt).toEqual(new Date('2026-01-01T00:01:30Z'));
    expect(office.state.section.isChanged).toBe(true);
  });

  it('throws if holds may be overdue and were not loaded', () => {
    const now = new Date(60);
    const counters = { held: 1, available: 9, holdsExpireAt: now };
    const section = new LockedSection(sectionWith(counters));
    const parts = {
      bookings: new SectionBookings(),
      holds: new Holds(),
      seats: new Seats(),
      allocations: new PersonAllocations(),
    };
    const context = { now, newId: () => 'id' };
    const waitlist = new Waitlist(section);
    const state = { section, waitlist, ...parts, messages: [], context };
    expect(() => expireOverdue(state)).toThrow('were not loaded');
  });
});

describe('sweep', () => {
  it('counts the holds that the batch has ended', () => {
    const office = new BoxOffice({ capacity: 9 });
    office.hold('Ann', 1, 60);
    office.hold('Bob', 1, 30);
    const swept = (expired: number) => ({ kind: 'swept', expired, hasMore: false });
    expect(office.do({ kind: 'sweep' })).toEqual(swept(0));
    office.later(60);
    expect(office.do({ kind: 'sweep' })).toEqual(swept(2));
    office.later(60);
    expect(office.do({ kind: 'sweep' })).toEqual(swept(0));
  });
});
