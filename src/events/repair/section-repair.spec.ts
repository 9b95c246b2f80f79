import type { SectionFacts } from '../audit.js';
import { isSound, remaining, repairOf } from './section-repair.js';

const NO_RAISE = { raisesCapacity: false };

/** Two bookings of three places, a hold of two, five free places; one of two entries waits. */
const SOUND: SectionFacts = {
  id: 'stalls',
  name: 'Stalls',
  capacity: 10,
  booked: 3,
  held: 2,
  available: 5,
  bookings: 2,
  waiting: 1,
  lastSeq: 2,
  version: 7,
  isSeated: 0,
  confirmed: 2,
  placesOfBookings: 3,
  tickets: 3,
  placesOfHolds: 2,
  holds: 1,
  holdsExpected: 1,
  entries: 1,
  highestSeq: 2,
  blocks: 1,
  blocksRight: 1,
  seats: 0,
  seatsFree: 0,
  seatsHeld: 0,
  seatsBooked: 0,
};

const { id, version, capacity, booked, held, available, bookings, waiting, lastSeq } = SOUND;
const COUNTERS = { capacity, booked, held, available, bookings, waiting, lastSeq };

describe('repairOf', () => {
  it('changes nothing in a section whose counters agree with its rows', () => {
    const repair = repairOf(SOUND, NO_RAISE);
    expect(repair).toMatchObject({ counters: undefined, overbooked: 0 });
    expect(isSound(repair)).toBe(true);
  });

  it('leaves a last seq that is too high: it does no harm', () => {
    expect(repairOf({ ...SOUND, lastSeq: 99 }, NO_RAISE).counters).toBeUndefined();
  });

  it.each<Partial<SectionFacts>>([
    { booked: 2, available: 6 },
    { booked: 4, available: 4 },
    { held: 1, available: 6 },
    { held: 5, available: 2 },
    { bookings: 1 },
    { bookings: 3 },
    { waiting: 0 },
    { waiting: 2 },
    { lastSeq: 1 },
    { blocksRight: 0 },
    { holdsExpected: 0 },
    { booked: 0, held: 0, available: 10, bookings: 0, waiting: 0, lastSeq: 0 },
  ])('restores the counters from the rows: %p', (wrong) => {
    const repair = repairOf({ ...SOUND, ...wrong }, NO_RAISE);
    expect(repair.counters).toEqual({ id, version: version + 1, ...COUNTERS });
    expect(remaining(repair)).toEqual([]);
    expect(isSound(repair)).toBe(false);
  });

  const overbooked: SectionFacts = { ...SOUND, capacity: 4, booked: 3, held: 0, available: 1 };

  it('lets an overbooked section count as full, and says that it disagrees', () => {
    const repair = repairOf(overbooked, NO_RAISE);
    const full = { ...COUNTERS, capacity: 4, booked: 2, held: 2, available: 0 };
    expect(repair).toMatchObject({ counters: full, overbooked: 1 });
    expect(remaining(repair).map(({ name }) => name)).toEqual(['capacity', 'booked', 'available']);
    const again = repairOf({ ...overbooked, ...repair.counters }, NO_RAISE);
    expect(again).toMatchObject({ counters: undefined, overbooked: 1 });
    expect(isSound(again)).toBe(false);
  });

  it('raises the capacity of an overbooked section to what is sold, if it may', () => {
    const repair = repairOf(overbooked, { raisesCapacity: true });
    const raised = { ...COUNTERS, capacity: 5, available: 0 };
    expect(repair).toMatchObject({ counters: raised, overbooked: 0 });
    expect(remaining(repair)).toEqual([]);
  });

  it('never raises the capacity of a section with seats', () => {
    const repair = repairOf({ ...overbooked, isSeated: 1 }, { raisesCapacity: true });
    expect(repair).toMatchObject({ counters: { capacity: 4 }, overbooked: 1 });
  });

  it('keeps the number of bookings within the booked places', () => {
    const facts = { ...SOUND, capacity: 2, booked: 2, held: 0, available: 0 };
    const repair = repairOf(facts, NO_RAISE);
    expect(repair.counters).toMatchObject({ booked: 0, held: 2, bookings: 0 });
  });

  it('does not choose between rows that disagree with each other', () => {
    const repair = repairOf({ ...SOUND, placesOfBookings: 4 }, NO_RAISE);
    expect(repair.counters).toBeUndefined();
    expect(remaining(repair).map(({ name }) => name)).toEqual(['placesOfBookings']);
    expect(isSound(repair)).toBe(false);
  });
});
