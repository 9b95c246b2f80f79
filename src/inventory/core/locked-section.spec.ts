import { sectionWith } from '../../../test/unit/support/box-office.js';
import { LockedSection } from './locked-section.js';

describe('LockedSection', () => {
  it('is unchanged until a change is counted', () => {
    const section = new LockedSection(sectionWith({ version: 7 }));
    expect(section.isChanged).toBe(false);
    expect(section.nextVersion()).toBe(8);
    expect(section.isChanged).toBe(true);
  });

  it('moves places between available and booked, and loses none', () => {
    const section = new LockedSection(sectionWith({ capacity: 10, held: 2, available: 8 }));
    section.book(3);
    section.book(2);
    section.unbook(1, false);
    expect(section.now).toMatchObject({ booked: 4, held: 2, available: 4, bookings: 2 });
    section.unbook(4, true);
    expect(section.now).toMatchObject({ booked: 0, held: 2, available: 8, bookings: 1 });
  });

  it('fits as many as are available, and not one more', () => {
    const section = new LockedSection(sectionWith({ available: 3, booked: 7, bookings: 1 }));
    expect([section.fits(3), section.fits(4)]).toEqual([true, false]);
  });

  it('never gives a seq twice, also after people have left', () => {
    const section = new LockedSection(sectionWith({ waiting: 1, lastSeq: 8 }));
    expect(section.enqueue()).toBe(9);
    section.dequeue();
    section.dequeue();
    expect(section.enqueue()).toBe(10);
    expect(section.now).toMatchObject({ waiting: 1, lastSeq: 10 });
  });

  it.each<[string, (section: LockedSection) => void]>([
    ['sell more than is available', (section) => section.book(11)],
    ['free what nobody booked', (section) => section.unbook(1, false)],
    ['end a booking that there is not', (section) => section.unbook(0, true)],
    ['let somebody leave an empty line', (section) => section.dequeue()],
  ])('will not %s', (_, impossible) => {
    const stored = sectionWith({ capacity: 10 });
    const section = new LockedSection(stored);
    expect(() => impossible(section)).toThrow('stalls would fall below zero');
    expect(section.now).toEqual(stored);
  });
});
