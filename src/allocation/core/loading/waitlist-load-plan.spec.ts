import { RULES, sectionWith } from '../../../../test/unit/support/box-office.js';
import type { Command } from '../commands.js';
import { LockedSection, type SectionRow } from '../state/locked-section.js';
import {
  planWaitlistLoad,
  type WaitlistLoadPlan,
  windowQueries,
  windowsFrom,
} from './waitlist-load-plan.js';

const sectionId = 'stalls';
const now = new Date(60_000);
const NOTHING = { ticketCount: 0, held: [], now };
const fiveWaiting = sectionWith({ booked: 8, available: 2, bookings: 1, waiting: 5, lastSeq: 5 });
const leave: Command = { kind: 'leave', sectionId, entryId: 'entry' };
const book: Command = { kind: 'book', sectionId, userId: 'Ann', quantity: 1, onSoldOut: 'wait' };

const plan = (row: SectionRow, commands: readonly Command[], freeable = NOTHING) =>
  planWaitlistLoad({ section: new LockedSection(row), commands }, freeable);

describe('planWaitlistLoad', () => {
  it('counts the places that are free and those that may come free', () => {
    const held = [{ quantity: 4, expiresAt: new Date(60_001) }];
    const freeable = { ticketCount: 3, held, now };
    const section = new LockedSection(fiveWaiting);
    expect(planWaitlistLoad({ section, commands: [leave, book] }, freeable)).toEqual({
      fits: ['strict'],
      places: 9,
      departures: 1,
      shrinksTo: undefined,
    });
  });

  it('needs no entries if nobody can be promoted', () => {
    expect(plan(fiveWaiting, [book]).fits).toEqual([]);
    expect(plan(sectionWith(), [leave]).fits).toEqual([]);
    expect(plan({ ...fiveWaiting, sales: 'CLOSED' }, [leave]).fits).toEqual([]);
  });

  it('needs entries if a hold is overdue, or if sales may open', () => {
    const held = [{ quantity: 1, expiresAt: now }];
    const section = new LockedSection(fiveWaiting);
    const ofOverdue = planWaitlistLoad({ section, commands: [book] }, { ...NOTHING, held });
    expect(ofOverdue.fits).toEqual(['strict']);
    const open: Command = { kind: 'open', sectionId };
    expect(plan({ ...fiveWaiting, sales: 'CLOSED' }, [open]).fits).toEqual(['strict']);
  });

  it('needs the entries of every `fit` that may apply within the batch', () => {
    const configure: Command = { kind: 'configure', sectionId, rules: { fit: 'strict' } };
    const skipping = { ...fiveWaiting, rules: { ...RULES, fit: 'skip' as const } };
    expect(plan(skipping, [configure]).fits).toEqual(['skip', 'strict']);
  });

  it('counts the places that a resize may add, and takes the smallest capacity of a batch', () => {
    const capacities = [12, 15, 9, 8];
    const resizes = capacities.map((capacity): Command => ({
      kind: 'resize',
      sectionId,
      capacity,
    }));
    expect(plan(fiveWaiting, resizes)).toMatchObject({ places: 7, shrinksTo: 8 });
  });
});

describe('the windows of a plan', () => {
  const base: WaitlistLoadPlan = {
    fits: [],
    places: 5,
    departures: 1,
    shrinksTo: undefined,
  };

  it('are none if nobody can be promoted and the section does not shrink', () => {
    expect(windowQueries(base, [])).toEqual([]);
  });

  it('are the head for `strict`, and every entry above the new capacity for a resize', () => {
    expect(windowQueries({ ...base, fits: ['strict'], shrinksTo: 4 }, [])).toEqual([
      { minQuantity: 5, maxQuantity: Infinity, count: Infinity },
      { minQuantity: 1, maxQuantity: 4, count: 6 },
    ]);
  });

  it('are one for each quantity that occurs and can fit for `skip`', () => {
    expect(windowQueries({ ...base, fits: ['skip'] }, [2, 5, 6])).toEqual([
      { minQuantity: 2, maxQuantity: 2, count: 3 },
      { minQuantity: 5, maxQuantity: 5, count: 2 },
    ]);
  });

  it('include the quantities that do not occur for `skip`', () => {
    const skip: WaitlistLoadPlan = { ...base, fits: ['skip'] };
    const windows = windowsFrom(skip, windowQueries(skip, [2]), [[]]);
    expect(windows).toEqual([
      { minQuantity: 2, maxQuantity: 2, entries: [], isWhole: true },
      { minQuantity: 1, maxQuantity: 1, entries: [], isWhole: true },
      { minQuantity: 3, maxQuantity: 5, entries: [], isWhole: true },
    ]);
  });
});
