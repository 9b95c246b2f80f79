import type { Answer } from '../../kit/index.js';
import type { Recorder } from './recorder.js';

interface Thing {
  readonly id: string;
}

/** Fields of answers that later requests use. */
interface Body {
  readonly id: string;
  readonly bookingId: string;
  readonly sections: readonly Thing[];
  readonly data: readonly Thing[];
  readonly nextCursor: string;
  readonly waitingEntry: Thing;
}

const bodyOf = ({ body }: Answer): Body => body as unknown as Body;

/** An evening at a theatre whose requests show every operation. */
export async function tellStory(recorder: Recorder): Promise<void> {
  const event = await openTheHouse(recorder);
  await takeSeats(recorder, event);
  await joinWaitlist(recorder, event);
  await lookAfterIt(recorder, event);
  await fourVerbs(recorder);
}

interface Event {
  readonly id: string;
  readonly stalls: string;
  readonly gallery: string;
}

async function openTheHouse(recorder: Recorder): Promise<Event> {
  const opened = await recorder.show(
    'createEvent',
    'A draft with seats, a gallery and a waitlist',
    {
      body: {
        name: 'Twelfth Night',
        venue: 'Old Theatre',
        startsAt: '2027-03-01T19:30:00Z',
        status: 'DRAFT',
        sections: [
          {
            name: 'Stalls',
            seats: { rows: ['A', 'B'], perRow: 3 },
            price: { amount: 4500, currency: 'EUR' },
          },
          { name: 'Gallery', capacity: 2, price: { amount: 1500, currency: 'EUR' } },
        ],
        limits: { maxPerPerson: 4 },
        waitlist: { mode: 'offer', offerTtlSeconds: 3600 },
      },
    },
  );
  const { id, sections } = bodyOf(opened);
  const path = { id };
  await recorder.show('createEvent', 'Fields that are not valid', {
    body: { name: '', totalTickets: 0 },
  });
  await recorder.show('editEvent', 'Another name, unless somebody else was quicker', {
    path,
    headers: { 'If-Match': opened.headers.etag! },
    body: { name: 'Twelfth Night, or What You Will' },
  });
  await recorder.show('editEvent', 'Somebody else was quicker', {
    path,
    headers: { 'If-Match': opened.headers.etag! },
    body: { venue: null },
  });
  await recorder.show('publishEvent', 'From now on it is sold', { path });
  await recorder.show('listEvents', 'What is on sale', {
    query: { status: 'PUBLISHED', limit: '1' },
  });
  await recorder.show('getEvent', 'One event', { path });
  return { id, stalls: sections[0]!.id, gallery: sections[1]!.id };
}

async function takeSeats(recorder: Recorder, { id, stalls }: Event): Promise<void> {
  const listed = await recorder.show('listSeats', 'The first two that are free', {
    path: { id },
    query: { sectionId: stalls, status: 'AVAILABLE', limit: '2' },
  });
  const [first, second] = bodyOf(listed).data;
  await recorder.show('listSeats', 'The next one', {
    path: { id },
    query: {
      sectionId: stalls,
      status: 'AVAILABLE',
      limit: '1',
      cursor: bodyOf(listed).nextCursor,
    },
  });
  const ann = { identifier: 'ann@example.org' };
  await recorder.show('reserveSeat', 'Seat A1', { path: { id: first!.id }, body: ann });
  await recorder.show('reserveSeat', 'A seat that is taken', {
    path: { id: first!.id },
    body: { identifier: 'bob@example.org' },
  });
  await recorder.show('releaseSeat', 'And given back', { path: { id: first!.id }, body: ann });
  const seats = { eventId: id, sectionId: stalls, ...ann, seatIds: [first!.id, second!.id] };
  const booked = await recorder.show('createBooking', 'Two chosen seats', {
    headers: { 'Idempotency-Key': 'ann-1' },
    body: seats,
  });
  await recorder.show('createBooking', 'The same request again: one booking, the same answer', {
    headers: { 'Idempotency-Key': 'ann-1' },
    body: seats,
  });
  const path = { id: bodyOf(booked).bookingId };
  await recorder.show('listBookings', 'Bookings of a customer', { query: { eventId: id, ...ann } });
  await recorder.show('getBooking', 'One booking', { path });
  await recorder.show('cancelBooking', 'One ticket of it', { path, body: { quantity: 1 } });
  await recorder.show('deleteBooking', 'The rest', { path });
  await recorder.show('deleteBooking', 'There is nothing left', { path });
}

async function joinWaitlist(recorder: Recorder, { id, gallery }: Event): Promise<void> {
  const where = { eventId: id, sectionId: gallery };
  const hold = (summary: string) =>
    recorder.show('createHold', summary, {
      body: { ...where, identifier: 'cyd@example.org', ttlSeconds: 300 },
    });
  const first = { id: bodyOf(await hold('A place for five minutes')).id };
  await recorder.show('getHold', 'While it is held', { path: first });
  await recorder.show('confirmHold', 'It becomes a booking', { path: first });
  const second = { id: bodyOf(await hold('Another place')).id };
  await recorder.show('releaseHold', 'Given back', { path: second });
  const third = { id: bodyOf(await hold('The last place')).id };

  const wait = async (summary: string, identifier: string): Promise<string> => {
    const sent = { body: { ...where, identifier } };
    return bodyOf(await recorder.show('createBooking', summary, sent)).waitingEntry.id;
  };
  const dan = await wait('Nothing is free: Dan joins the waitlist', 'dan@example.org');
  const eve = await wait('Eve joins behind Dan', 'eve@example.org');
  const fay = await wait('And Fay', 'fay@example.org');
  await recorder.show('listWaitlist', 'The waitlist', { query: where });
  await recorder.show('leaveWaitlist', 'Fay leaves', { path: { id: fay } });
  await recorder.show('acceptOffer', 'Dan has been offered nothing yet', { path: { id: dan } });
  await recorder.show('releaseHold', 'The last place comes free', { path: third });
  await recorder.show('getWaitlistEntry', 'It is offered to Dan', { path: { id: dan } });
  await recorder.show('declineOffer', 'Dan declines the offer', { path: { id: dan } });
  await recorder.show('acceptOffer', 'Eve has it', { path: { id: eve } });
}

async function lookAfterIt(recorder: Recorder, { id }: Event): Promise<void> {
  const path = { id };
  await recorder.show('getEventStatus', 'Places of all sections', { path });
  await recorder.show('auditEvent', 'Every number agrees with what it counts', { path });
  await recorder.show('listChanges', 'The newest change', { path, query: { limit: '1' } });
  await recorder.show('cancelEvent', 'Called off', { path });
  await recorder.show('publishEvent', 'It cannot be sold again', { path });
  await recorder.show('health', 'All is well');
  await recorder.show('isAlive', 'It answers');
  await recorder.show('isReady', 'It takes requests');
}

async function fourVerbs(recorder: Recorder): Promise<void> {
  const opened = await recorder.show('initialize', 'An event with two places', {
    body: { name: 'First night', totalTickets: 2 },
  });
  const eventId = bodyOf(opened).id;
  const person = (name: string, more: object = {}) => ({
    body: { eventId, identifier: `${name}@example.org`, ...more },
  });
  await recorder.show('book', 'Two places', person('ann', { quantity: 2 }));
  await recorder.show('book', 'Nothing is free: Bob joins the waitlist', person('bob'));
  await recorder.show('book', 'Cyd does not want to wait', person('cyd', { onSoldOut: 'refuse' }));
  await recorder.show('cancel', 'Ann gives one back, and Bob has it', person('ann'));
  await recorder.show('cancel', 'Cyd has booked nothing', person('cyd'));
  await recorder.show('status', 'Sold out', { path: { eventId } });
  await recorder.show('status', 'No such event', {
    path: { eventId: '01939c5e-0000-7000-8000-000000000000' },
  });
}
