import assert from 'node:assert/strict';
import type { Message, SectionState } from '../../../src/allocation/core/section-state.js';
import { priceOfPlaces } from '../../../src/allocation/core/state/price.js';
import type { SectionRow } from '../../../src/allocation/core/state/locked-section.js';
import { placesOfPerson } from '../support/load-batch.js';
import type { Tables } from '../support/tables.js';
import { PEOPLE } from './steps.js';
import type { SectionUnderTest } from './world.js';

/** Checks what must be true of a section after every commit, and its changes since `before`. */
export function checkSection(
  tables: Tables,
  tested: SectionUnderTest,
  before: SectionRow,
  now: Date,
): void {
  const row = tables.sections.get(tested.sectionId);
  checkCounters(tables, row);
  checkHolds(tables, row, tested.isExpiryCut ? BEFORE_ALL : now);
  checkWaitlist(tables, row);
  if (row.isSeated) checkSeats(tables, row);
  checkMessages(tested, before, row);
  checkAgainstModel(tables, row, tested);
}

/** No person has more places than the limit, unless the limit was lowered later. */
export function checkPersonLimits(
  tables: Tables,
  tested: readonly SectionUnderTest[],
  now: Date,
): void {
  const sections = tables.sections.all;
  const limits = sections.map(({ rules }) => rules.maxPerPerson ?? Infinity);
  const limit = Math.max(...limits);
  if (limit === Infinity || tested.some(({ areLimitsOriginal }) => !areLimitsOriginal)) return;
  for (const person of PEOPLE) {
    const has = placesOfPerson(tables, sections[0]!.eventId, person, now);
    assert.ok(has <= limit, `${person} has ${has} places of ${limit}`);
  }
}

/** Places have the price of the moment when they were given; what becomes of a hold has the price of the hold. */
export function checkPrices(
  tables: Tables,
  { section, bookings, holds, messages }: SectionState,
): void {
  const { price: now } = section.row;
  for (const { price } of holds.changes().added)
    assert.deepEqual(price, now, 'a hold has another price');
  for (const { holdId, price } of bookings.changes().newBookings) {
    const expected = holdId === null ? now : tables.holds.get(holdId).price;
    assert.deepEqual(price, expected, 'a booking has another price');
  }
  for (const { type, payload } of messages) {
    const row = rowOfMessage(tables, type, payload);
    if (row === undefined) continue;
    const expected = priceOfPlaces(row.price, payload['quantity'] as number);
    assert.deepEqual(payload['price'] ?? null, expected, `${type} has another price`);
  }
}

function rowOfMessage({ bookings, holds }: Tables, type: string, payload: Message['payload']) {
  if (type.startsWith('booking.')) return bookings.get(payload['bookingId'] as string);
  const isOfHold = type.startsWith('hold.') || type === 'waitlist.offered';
  return isOfHold ? holds.get(payload['holdId'] as string) : undefined;
}

const sum = (rows: readonly { readonly quantity: number }[]): number =>
  rows.reduce((total, { quantity }) => total + quantity, 0);

function checkCounters(tables: Tables, row: SectionRow): void {
  const { id, capacity, booked, held, available, bookings, waiting, lastSeq } = row;
  assert.equal(
    booked + held + available,
    capacity,
    'booked + held + available is not the capacity',
  );
  const live = tables.bookings.of(id).filter(({ quantity }) => quantity > 0);
  const tickets = tables.tickets.of(id).filter(({ status }) => status === 'BOOKED');
  for (const booking of live) {
    const ofBooking = tickets.filter(({ bookingId }) => bookingId === booking.id);
    assert.equal(booking.quantity, ofBooking.length, 'a booking has another number of tickets');
  }
  const counted = {
    booked: tickets.length,
    held: sum(tables.holds.of(id).filter(({ status }) => status === 'HELD')),
    bookings: live.length,
    waiting: tables.waitlistOf(id).length,
    lastSeq: tables.entries.of(id).length,
  };
  const counters = { booked, held, bookings, waiting, lastSeq };
  assert.deepEqual(counters, counted, 'the counters do not match the rows');
}

/** Overdue holds that were left to the next batch are still HELD, as in the model. */
const BEFORE_ALL = new Date(0);

function checkHolds(tables: Tables, { id, held, holdsExpireAt }: SectionRow, since: Date): void {
  for (const hold of tables.holds.of(id).filter(({ status }) => status === 'HELD')) {
    assert.ok(hold.expiresAt > since, 'an overdue hold is still HELD');
    assert.ok(
      holdsExpireAt !== null && holdsExpireAt <= hold.expiresAt,
      'holdsExpireAt is too late',
    );
  }
  if (held === 0)
    assert.equal(holdsExpireAt, null, 'holdsExpireAt is set although nothing is held');
  else assert.ok(holdsExpireAt! > since, 'holdsExpireAt was not advanced');
}

function checkWaitlist(
  tables: Tables,
  { id, available, capacity, sales, rules }: SectionRow,
): void {
  const entries = tables.entries.of(id);
  const seqs = entries.map(({ seq }) => seq);
  assert.ok(
    seqs.every((seq, index) => seq === index + 1),
    'the seqs of the waitlist have gaps',
  );
  const open = entries.filter(({ status }) => status === 'WAITING' || status === 'OFFERED');
  assert.equal(
    new Set(open.map(({ userId }) => userId)).size,
    open.length,
    'a person has two open entries',
  );
  const waiting = tables.waitlistOf(id);
  assert.ok(
    waiting.every(({ quantity }) => quantity <= capacity),
    'an entry wants more than the capacity',
  );
  for (const { status, holdId } of entries) {
    assert.equal(
      holdId !== null,
      status === 'OFFERED',
      'an entry has a hold without being OFFERED, or none although it is',
    );
  }
  if (sales === 'CLOSED') return;
  const candidates = rules.fit === 'strict' ? waiting.slice(0, 1) : waiting;
  const next = candidates.find(({ quantity }) => quantity <= available);
  assert.equal(next, undefined, 'places are free that fit the next entry');
}

function checkSeats(tables: Tables, { id, available }: SectionRow): void {
  const taken = new Map<string, string>();
  const take = (seatId: string | null, by: string): void => {
    assert.ok(seatId !== null && !taken.has(seatId), 'a seat is missing or was given twice');
    taken.set(seatId, by);
  };
  for (const { status, seatId } of tables.tickets.of(id)) {
    if (status === 'BOOKED') take(seatId, 'BOOKED');
  }
  for (const hold of tables.holds.of(id).filter(({ status }) => status === 'HELD')) {
    assert.equal(hold.seatIds.length, hold.quantity, 'a hold has another number of seats');
    for (const seatId of hold.seatIds) take(seatId, `HELD ${hold.id}`);
  }
  const seats = tables.seats.of(id);
  for (const seat of seats) {
    const by = seat.holdId === null ? seat.status : `${seat.status} ${seat.holdId}`;
    assert.equal(by, taken.get(seat.id) ?? 'AVAILABLE', `seat ${seat.id} has the wrong status`);
  }
  assert.equal(
    seats.length - taken.size,
    available,
    'the free seats do not match the available places',
  );
}

/** The messages are complete, ordered, and lead to the counters. */
function checkMessages({ replay }: SectionUnderTest, before: SectionRow, row: SectionRow): void {
  const { version, booked, held, available, bookings, waiting } = row;
  if (version === before.version) {
    const { holdsExpireAt } = row;
    assert.deepEqual(row, { ...before, holdsExpireAt }, 'a change was not reported');
  }
  assert.deepEqual(
    { version, booked, held, available, bookings, waiting },
    {
      version: replay.version,
      booked: replay.booked,
      held: replay.held,
      available: replay.available,
      bookings: replay.bookings,
      waiting: replay.waiting,
    },
    'the messages do not lead to the counters',
  );
}

function checkAgainstModel(
  tables: Tables,
  { id, ...row }: SectionRow,
  { model }: SectionUnderTest,
): void {
  const numberOf = (rows: readonly { readonly id: string }[], rowId: string | null) =>
    rowId === null ? null : rows.findIndex(({ id: otherId }) => otherId === rowId);
  const bookings = tables.bookings.of(id);
  const holds = tables.holds.of(id);
  const entries = tables.entries.of(id);
  const rows = {
    section: { capacity: row.capacity, sales: row.sales, rules: row.rules },
    tickets: tables.tickets.of(id).map(({ bookingId, userId, seatId, status }) => {
      const booking = numberOf(bookings, bookingId);
      return { booking, person: userId, seat: seatId, booked: status === 'BOOKED' };
    }),
    bookings: bookings.map(({ userId, waitlistEntryId, holdId }) => {
      const entry = numberOf(entries, waitlistEntryId);
      return { person: userId, entry, hold: numberOf(holds, holdId) };
    }),
    holds: holds.map(({ userId, quantity, waitlistEntryId, expiresAt, createdAt, status }) => {
      const entry = numberOf(entries, waitlistEntryId);
      const ttl = (expiresAt.getTime() - createdAt.getTime()) / 1000;
      return { person: userId, quantity, entry, ttl, status };
    }),
    entries: entries.map(({ userId, quantity, status }) => ({ person: userId, quantity, status })),
  };
  const { capacity, sales, rules } = model;
  const expected = {
    section: { capacity, sales, rules },
    tickets: model.tickets,
    bookings: model.bookings,
    holds: model.holds.map(({ person, seats, entry, ttl, status }) => {
      return { person, quantity: seats.length, entry, ttl, status };
    }),
    entries: model.entries,
  };
  assert.deepEqual(rows, expected);
}
