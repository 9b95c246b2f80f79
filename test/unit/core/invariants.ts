import assert from 'node:assert/strict';
import type { SectionRow } from '../../../src/allocation/core/state/locked-section.js';
import { placesOfPerson } from '../support/load-batch.js';
import type { Tables } from '../support/tables.js';
import { PEOPLE } from './steps.js';
import type { Place } from './world.js';

/** What must be true of a section after every commit, and how it got there since `before`. */
export function checkSection(tables: Tables, place: Place, before: SectionRow, now: Date): void {
  const row = tables.sections.get(place.sectionId);
  checkCounters(tables, row);
  checkHolds(tables, row, place.isExpiryCut ? BEFORE_ALL : now);
  checkLine(tables, row);
  if (row.isSeated) checkSeats(tables, row);
  checkMessages(place, before, row);
  checkAgainstModel(tables, row, place);
}

/** Nobody has more than he may, unless the limits came later. */
export function checkClaims(tables: Tables, places: readonly Place[], now: Date): void {
  const sections = tables.sections.all;
  const limits = sections.map(({ rules }) => rules.maxPerPerson ?? Infinity);
  const limit = Math.max(...limits);
  if (limit === Infinity || places.some(({ areLimitsOriginal }) => !areLimitsOriginal)) return;
  for (const person of PEOPLE) {
    const has = placesOfPerson(tables, sections[0]!.eventId, person, now);
    assert.ok(has <= limit, `${person} has ${has} places of ${limit}`);
  }
}

const sum = (rows: readonly { readonly quantity: number }[]): number =>
  rows.reduce((total, { quantity }) => total + quantity, 0);

function checkCounters(tables: Tables, row: SectionRow): void {
  const { id, capacity, booked, held, available, bookings, waiting, lastSeq } = row;
  assert.equal(booked + held + available, capacity, 'places were made or lost');
  const live = tables.bookings.of(id).filter(({ quantity }) => quantity > 0);
  const tickets = tables.tickets.of(id).filter(({ status }) => status === 'BOOKED');
  for (const booking of live) {
    const own = tickets.filter(({ bookingId }) => bookingId === booking.id);
    assert.equal(booking.quantity, own.length, 'a booking does not hold what its tickets say');
  }
  const counted = {
    booked: tickets.length,
    held: sum(tables.holds.of(id).filter(({ status }) => status === 'HELD')),
    bookings: live.length,
    waiting: tables.waitlistOf(id).length,
    lastSeq: tables.entries.of(id).length,
  };
  const counters = { booked, held, bookings, waiting, lastSeq };
  assert.deepEqual(counters, counted, 'the counters are not those of the rows');
}

/** Of what was left to the next batch only the model knows that it may be HELD. */
const BEFORE_ALL = new Date(0);

function checkHolds(tables: Tables, { id, held, holdsExpireAt }: SectionRow, since: Date): void {
  for (const hold of tables.holds.of(id).filter(({ status }) => status === 'HELD')) {
    assert.ok(hold.expiresAt > since, 'a hold is HELD although its time is over');
    assert.ok(holdsExpireAt !== null && holdsExpireAt <= hold.expiresAt, 'nobody would look');
  }
  if (held === 0) assert.equal(holdsExpireAt, null, 'there is nothing to look for');
  else assert.ok(holdsExpireAt! > since, 'everybody would look again');
}

function checkLine(tables: Tables, { id, available, capacity, sales, rules }: SectionRow): void {
  const entries = tables.entries.of(id);
  const seqs = entries.map(({ seq }) => seq);
  assert.ok(
    seqs.every((seq, index) => seq === index + 1),
    'the line has gaps',
  );
  const open = entries.filter(({ status }) => status === 'WAITING' || status === 'OFFERED');
  assert.equal(new Set(open.map(({ userId }) => userId)).size, open.length, 'somebody waits twice');
  const line = tables.waitlistOf(id);
  assert.ok(
    line.every(({ quantity }) => quantity <= capacity),
    'somebody waits for ever',
  );
  for (const { status, holdId } of entries) {
    assert.equal(holdId !== null, status === 'OFFERED', 'only an offer has a hold');
  }
  if (sales === 'CLOSED') return;
  const candidates = rules.fit === 'strict' ? line.slice(0, 1) : line;
  const served = candidates.find(({ quantity }) => quantity <= available);
  assert.equal(served, undefined, 'places are free although they should be given to the line');
}

function checkSeats(tables: Tables, { id, available }: SectionRow): void {
  const taken = new Map<string, string>();
  const take = (seatId: string | null, by: string): void => {
    assert.ok(seatId !== null && !taken.has(seatId), 'a seat was given twice, or none was');
    taken.set(seatId, by);
  };
  for (const { status, seatId } of tables.tickets.of(id)) {
    if (status === 'BOOKED') take(seatId, 'BOOKED');
  }
  for (const hold of tables.holds.of(id).filter(({ status }) => status === 'HELD')) {
    assert.equal(hold.seatIds.length, hold.quantity, 'a hold holds too few seats');
    for (const seatId of hold.seatIds) take(seatId, `HELD ${hold.id}`);
  }
  const seats = tables.seats.of(id);
  for (const seat of seats) {
    const by = seat.holdId === null ? seat.status : `${seat.status} ${seat.holdId}`;
    assert.equal(by, taken.get(seat.id) ?? 'AVAILABLE', `seat ${seat.id} is not what it should be`);
  }
  assert.equal(seats.length - taken.size, available, 'the free seats are not the free places');
}

/** The messages alone tell what happened: they are complete, in order, and add up. */
function checkMessages({ replay }: Place, before: SectionRow, row: SectionRow): void {
  const { version, booked, held, available, bookings, waiting } = row;
  if (version === before.version) {
    const { holdsExpireAt } = row;
    assert.deepEqual(row, { ...before, holdsExpireAt }, 'something changed without being told');
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
    'the messages do not add up',
  );
}

function checkAgainstModel(tables: Tables, { id, ...row }: SectionRow, { model }: Place): void {
  const numberOf = (rows: readonly { readonly id: string }[], rowId: string | null) =>
    rowId === null ? null : rows.findIndex((one) => one.id === rowId);
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
