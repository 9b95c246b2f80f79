import request from 'supertest';
import type { TestApp } from '../../kit/app.js';

export interface Opened {
  readonly id: string;
  readonly sections: readonly { readonly id: string }[];
}

/** Short names for the requests of the waitlist tests. */
export function speakWith(app: TestApp) {
  const get = (path: string) => request(app.server).get(path);
  const post = (path: string, body: object = {}) => request(app.server).post(path).send(body);
  const patch = (path: string, body: object) => request(app.server).patch(path).send(body);
  const remove = (path: string) => request(app.server).delete(path);

  const open = async (settings: object): Promise<Opened> =>
    (await post('/v1/events', { name: 'First night', ...settings }).expect(201)).body;
  const status = async (eventId: string) => (await get(`/status/${eventId}`).expect(200)).body;
  const entryOf = async (id: string) => (await get(`/v1/waitlist/${id}`).expect(200)).body;

  const book = (eventId: string, identifier: string, more: object = {}) =>
    post('/book', { eventId, identifier, ...more }).expect(201);
  /** Cancels a ticket, or leaves the waitlist. */
  const cancel = (eventId: string, identifier: string, more: object = {}) =>
    post('/cancel', { eventId, identifier, ...more }).expect(200);
  /** Joins the waitlist and returns the id of the entry. */
  const wait = async (eventId: string, identifier: string, more: object = {}): Promise<string> =>
    (await book(eventId, identifier, more)).body.waitingEntry.id;

  /** Ann has cancelled the only booking; Bob has the offer, and Cyd waits. */
  async function offered(offerTtlSeconds = 60) {
    const { id: eventId } = await open({
      totalTickets: 1,
      waitlist: { mode: 'offer', offerTtlSeconds },
    });
    await book(eventId, 'ann');
    const bob = await wait(eventId, 'bob');
    const cyd = await wait(eventId, 'cyd');
    await cancel(eventId, 'ann');
    return { eventId, bob, cyd };
  }

  return { get, post, patch, remove, open, status, entryOf, book, cancel, wait, offered };
}
