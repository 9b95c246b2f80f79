// A client of the service, written against types that are generated from its OpenAPI document. It is
// compiled and run by openapi-client.e2e-spec.ts; where its types are wrong it does not compile.
import createClient from 'openapi-fetch';
import type { components, paths } from './schema.js';

const [baseUrl = '', key] = process.argv.slice(2);
const headers = key === undefined ? {} : { Authorization: `Bearer ${key}` };
const api = createClient<paths>({ baseUrl, headers });

const opened = await api.POST('/v1/events', {
  body: { name: 'First night', totalTickets: 1, waitlist: { mode: 'auto' } },
});
if (opened.data === undefined) throw new Error(opened.error.code);
const eventId: string = opened.data.id;

async function book(identifier: string): Promise<string> {
  const { data, error } = await api.POST('/v1/bookings', {
    body: { eventId, identifier, onSoldOut: 'wait' },
    params: { header: { 'Idempotency-Key': `"book ${identifier}"` } },
  });
  if (error !== undefined) throw new Error(error.code);
  // The compiler knows which fields come with which answer.
  return data.waitlisted ? `waits at ${data.waitingEntry.position}` : data.booking.status;
}

async function mayHaveTwo(): Promise<string> {
  const { error } = await api.POST('/book', {
    body: { eventId, identifier: 'cyd@example.org', quantity: 2 },
  });
  return error?.code === 'exceeds_capacity' ? `at most ${error.capacity}` : 'yes';
}

async function seats(): Promise<readonly components['schemas']['Seat'][]> {
  const { data } = await api.GET('/v1/events/{id}/seats', {
    params: { path: { id: eventId }, query: { status: 'AVAILABLE', limit: 10 } },
  });
  return data?.data ?? [];
}

/** Never called: each line is a mistake that the compiler must find. */
export async function mistakes(): Promise<void> {
  // @ts-expect-error there is no such address
  await api.GET('/v1/tickets');
  // @ts-expect-error an event needs a name
  await api.POST('/v1/events', { body: { totalTickets: 1 } });
  await api.POST('/book', {
    // @ts-expect-error there is no such word
    body: { eventId, identifier: 'ann@example.org', onSoldOut: 'shout' },
  });
  const { data } = await api.GET('/v1/holds/{id}', { params: { path: { id: eventId } } });
  // @ts-expect-error a hold has no such field
  console.log(data?.colour);
}

console.log(
  JSON.stringify({
    ann: await book('ann@example.org'),
    again: await book('ann@example.org'),
    bob: await book('bob@example.org'),
    two: await mayHaveTwo(),
    seats: (await seats()).length,
  }),
);
