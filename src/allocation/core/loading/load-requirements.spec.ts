import { sectionWith } from '../../../../test/unit/support/box-office.js';
import type { Command } from '../commands.js';
import { LockedSection } from '../state/locked-section.js';
import { seatDemand } from './load-requirements.js';

describe('seatDemand', () => {
  const seated = new LockedSection({ ...sectionWith({ isSeated: true }), available: 9 });
  const book = (quantity: number, seatIds?: string[]): Command => {
    return {
      kind: 'book',
      sectionId: 'stalls',
      userId: 'Ann',
      quantity,
      seatIds,
      onSoldOut: 'wait',
    };
  };

  it('counts bookings and waitlist entries, and bookings of named seats as well', () => {
    const commands = [book(2), book(1, ['A1'])];
    expect(seatDemand({ section: seated, commands }, [{ quantity: 3 }])).toBe(6);
  });

  it('is at most the number of available seats', () => {
    expect(seatDemand({ section: seated, commands: [book(8), book(8)] }, [])).toBe(9);
  });

  it('is 0 if every seat is named, or if the section has no seats', () => {
    expect(seatDemand({ section: seated, commands: [book(1, ['A1'])] }, [])).toBe(0);
    const section = new LockedSection(sectionWith());
    expect(seatDemand({ section, commands: [book(2)] }, [])).toBe(0);
  });
});
