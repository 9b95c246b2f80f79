import { sectionWith } from '../../../../test/unit/support/box-office.js';
import { LockedSection } from './locked-section.js';

describe('LockedSection', () => {
  it('is unchanged until a version is counted', () => {
    const section = new LockedSection(sectionWith({ version: 7 }));
    expect(section.isChanged).toBe(false);
    expect(section.nextVersion()).toBe(8);
    expect(section.isChanged).toBe(true);
  });

  it('moves places between available and booked without losing any', () => {
    const section = new LockedSection(sectionWith({ capacity: 10, held: 2, available: 8 }));
    section.book(3);
    section.book(2);
    section.unbook(1, false);
    expect(section.row).toMatchObject({ booked: 4, held: 2, available: 4, bookings: 2 });
    section.unbook(3, true);
    expect(section.row).toMatchObject({ booked: 1, held: 2, available: 7, bookings: 1 });
  });

  it('has as many places as are available, and not one more', () => {
    const section = new LockedSection(sectionWith({ available: 3, booked: 7, bookings: 1 }));
    expect([section.hasAvailable(3), section.hasAvailable(4)]).toEqual([true, false]);
  });

  it('never gives a seq twice, even after entries have left', () => {
    const section = new LockedSection(sectionWith({ waiting: 1, lastSeq: 8 }));
    expect(section.enqueue()).toBe(9);
    section.dequeue();
    section.dequeue();
    expect(section.enqueue()).toBe(10);
    expect(section.row).toMatchObject({ waiting: 1, lastSeq: 10 });
  });

  it.each<[string, (section: LockedSection) => void]>([
    ['sell more than is available', (section) => section.book(11)],
    ['free places that nobody booked', (section) => section.unbook(1, false)],
    ['end a booking that does not exist', (section) => section.unbook(0, true)],
    ['remove an entry from an empty waitlist', (section) => section.dequeue()],
    ['hold more than is available', (section) => section.hold(11, new Date(0))],
    ['confirm what is not held', (section) => section.confirmHold(1)],
    ['release what is not held', (section) => section.releaseHold(1)],
    ['remove more places than are available', (section) => section.resize(-1)],
  ])('refuses to %s', (_, impossible) => {
    const stored = sectionWith({ capacity: 10 });
    const section = new LockedSection(stored);
    expect(() => impossible(section)).toThrow('stalls would fall below zero');
    expect(section.row).toEqual(stored);
  });

  it('throws for a booking without a place', () => {
    const section = new LockedSection(sectionWith({ capacity: 10 }));
    section.book(2);
    expect(() => section.unbook(2, false)).toThrow('a booking without a place');
  });

  it('holds places, which are then neither available nor booked', () => {
    const section = new LockedSection(sectionWith({ capacity: 10 }));
    section.hold(4, new Date(90));
    section.hold(3, new Date(60));
    expect(section.row).toMatchObject({ held: 7, available: 3, holdsExpireAt: new Date(60) });
    section.confirmHold(4);
    expect(section.row).toMatchObject({ held: 3, booked: 4, bookings: 1, available: 3 });
    section.releaseHold(3);
    expect(section.row).toMatchObject({ held: 0, available: 6, holdsExpireAt: null });
  });

  it('is changed by a later `holdsExpireAt`, without a version', () => {
    const stored = sectionWith({
      capacity: 10,
      held: 1,
      available: 9,
      holdsExpireAt: new Date(60),
    });
    const section = new LockedSection(stored);
    section.setNextExpiry(new Date(60));
    expect(section.isChanged).toBe(false);
    section.setNextExpiry(new Date(90));
    expect(section.isChanged).toBe(true);
  });

  it('grows and shrinks by free places', () => {
    const section = new LockedSection(sectionWith({ capacity: 10, booked: 4, available: 6 }));
    section.resize(12);
    expect(section.row).toMatchObject({ capacity: 12, booked: 4, available: 8 });
    section.resize(4);
    expect(section.row).toMatchObject({ capacity: 4, booked: 4, available: 0 });
    expect(() => section.resize(3)).toThrow('below zero');
  });
});
