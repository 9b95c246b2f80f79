import assert from 'node:assert/strict';
import type { SectionRow } from '../../../src/inventory/core/locked-section.js';
import type { ReferenceModel } from './reference-model.js';
import type { Tables } from './tables.js';

export type Tally = Map<string, number>;

export const tallyOf = (tally: Tally, name: string): Tally =>
  tally.set(name, (tally.get(name) ?? 0) + 1);

/** What must be true of a section after every commit, and how it got there since `before`. */
export function checkSection(tables: Tables, before: SectionRow, model: ReferenceModel): void {
  const now = tables.sections.get(before.id);
  checkCounters(tables, now);
  checkLine(tables, now);
  checkMessages(tables, before, now);
  checkAgainstModel(tables, now, model);
}

function checkCounters(tables: Tables, now: SectionRow): void {
  const bookings = tables.bookings.all.filter((booking) => booking.sectionId === now.id);
  const booked = tables.ticketsOf(now.id).filter((ticket) => ticket.status === 'BOOKED');
  assert.equal(now.booked + now.held + now.available, now.capacity, 'places were made or lost');
  for (const { id, quantity } of bookings) {
    const held = booked.filter((ticket) => ticket.bookingId === id).length;
    assert.equal(quantity, held, `the quantity of booking ${id} is not the number of its tickets`);
  }
  const { booked: places, bookings: count, waiting } = now;
  assert.deepEqual(
    { places, count, waiting },
    {
      places: booked.length,
      count: bookings.filter((booking) => booking.quantity > 0).length,
      waiting: tables.lineOf(now.id).length,
    },
    'the counters of the section are not those of its rows',
  );
}

function checkLine(tables: Tables, now: SectionRow): void {
  const entries = tables.entries.all.filter((entry) => entry.sectionId === now.id);
  const [head] = tables.lineOf(now.id);
  const seqs = entries.map((entry) => entry.seq);
  assert.deepEqual(
    seqs,
    seqs.map((_, index) => index + 1),
    'the line has gaps',
  );
  assert.equal(now.lastSeq, entries.length, 'the next seq would not be the next');
  if (head === undefined) return;
  assert.ok(head.quantity > now.available, 'places are free although they fit the head');
  const promoted = entries.filter((entry) => entry.status === 'PROMOTED');
  assert.ok(
    promoted.every((entry) => entry.seq < head.seq),
    'somebody overtook the head of the line',
  );
  const people = tables.lineOf(now.id).map((entry) => entry.userId);
  assert.equal(new Set(people).size, people.length, 'somebody waits twice');
}

/** The messages alone tell what happened: they are complete, in order, and add up. */
function checkMessages(tables: Tables, before: SectionRow, now: SectionRow): void {
  const messages = tables.outbox.all.filter((message) => message.sectionId === now.id);
  assert.deepEqual(
    messages.map((message) => message.sequence),
    messages.map((_, index) => index + 1),
    'the messages have gaps',
  );
  assert.equal(now.version, messages.length, 'the version is not the number of changes');
  if (now.version === before.version) {
    assert.deepEqual(now, before, 'something changed without being told');
  }
  const sum = { booked: 0, bookings: 0, waiting: 0 };
  for (const { type, payload } of messages) {
    const places = Number(payload['quantity']);
    switch (type) {
      case 'booking.confirmed':
        sum.booked += places;
        sum.bookings += 1;
        break;
      case 'booking.cancelled':
        sum.booked -= places;
        sum.bookings -= payload['ended'] === true ? 1 : 0;
        break;
      case 'waitlist.joined':
        sum.waiting += 1;
        break;
      case 'waitlist.promoted':
      case 'waitlist.left':
        sum.waiting -= 1;
        break;
    }
  }
  const { booked, bookings, waiting } = now;
  assert.deepEqual(sum, { booked, bookings, waiting }, 'the messages do not add up');
}

function checkAgainstModel(tables: Tables, now: SectionRow, model: ReferenceModel): void {
  const bookings = tables.bookings.all.filter((booking) => booking.sectionId === now.id);
  const numbers = new Map(bookings.map(({ id }, number) => [id, number]));
  const tickets = tables.ticketsOf(now.id).map(({ booking, status }) => {
    const number = numbers.get(booking.id);
    return { booking: number, person: booking.userId, booked: status === 'BOOKED' };
  });
  const line = tables.lineOf(now.id).map(({ userId, quantity }) => ({ person: userId, quantity }));
  assert.deepEqual({ tickets, line }, { tickets: model.tickets, line: model.line });
  for (const booking of bookings.filter(({ waitlistEntryId }) => waitlistEntryId !== null)) {
    const entry = tables.entries.get(booking.waitlistEntryId!);
    const { userId, sectionId } = booking;
    assert.deepEqual(
      { userId: entry.userId, sectionId: entry.sectionId, status: entry.status },
      { userId, sectionId, status: 'PROMOTED' },
    );
  }
}
