import { type Answer, readOutbox } from '../kit/index.js';
import {
  COMMIT,
  CUTS,
  type EventBody,
  useServiceBehindProxy,
} from './support/service-behind-proxy.js';

describe.each(CUTS)('a change of an event whose COMMIT is cut off %s', (_, cut) => {
  const parts = useServiceBehindProxy();

  const messageTypes = async (eventId: string): Promise<string[]> => {
    const messages = await readOutbox(parts.database, eventId);
    return messages.filter(({ sectionId }) => sectionId === null).map(({ type }) => type);
  };

  /** Sends a change twice with one key; the first COMMIT is cut off. */
  async function twice(
    send: (headers: Record<string, string>) => Promise<Answer<EventBody>>,
    eventId: string,
  ): Promise<EventBody> {
    const headers = { 'Idempotency-Key': `attempt-${eventId}` };
    const fault = cut(parts.proxy, COMMIT);
    const first = await send(headers);
    expect(fault.happened).toBe(1);
    const again = await send(headers);
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.body).toEqual(first.body);
    expect(again.headers['etag']).toBe(first.headers['etag']);
    return first.body;
  }

  it('edits once, and promotes once', async () => {
    const id = await parts.open();
    for (const who of ['ann', 'bob', 'cyd', 'dee']) await parts.service.api.book(id, who);
    const body = { name: 'Encore', totalTickets: 3 };
    const event = await twice((headers) => {
      return parts.service.api.patch<EventBody>(`/v1/events/${id}`, body, headers);
    }, id);
    expect(event).toMatchObject({ ...body, bookedTickets: 3, waitingListCount: 1 });
    expect(await messageTypes(id)).toEqual(['event.published', 'event.updated']);
  });

  it('publishes once', async () => {
    const id = await parts.open({ status: 'DRAFT' });
    const event = await twice((headers) => {
      return parts.service.api.post<EventBody>(`/v1/events/${id}/publish`, {}, headers);
    }, id);
    expect(event.status).toBe('PUBLISHED');
    expect(await messageTypes(id)).toEqual(['event.created', 'event.published']);
  });

  it('cancels once', async () => {
    const id = await parts.open();
    for (const who of ['ann', 'bob', 'cyd']) await parts.service.api.book(id, who);
    const event = await twice((headers) => {
      return parts.service.api.post<EventBody>(`/v1/events/${id}/cancel`, {}, headers);
    }, id);
    expect(event).toMatchObject({ status: 'CANCELLED', bookedTickets: 0, waitingListCount: 0 });
    expect(await messageTypes(id)).toEqual(['event.published', 'event.cancelled']);
  });
});
