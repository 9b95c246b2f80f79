import request from 'supertest';
import type { useApp } from '../../kit/index.js';
import { eventually } from '../../kit/eventually.js';

/** Events and people in a certain state, set up by requests alone. */
export class Scenes {
  constructor(private readonly app: ReturnType<typeof useApp>) {}

  readonly get = async (path: string) =>
    (await request(this.app.server).get(path).expect(200)).body;

  readonly post = async (path: string, body?: object) => {
    const answer = await request(this.app.server).post(path).send(body);
    if (answer.status >= 300) throw new Error(`${path}: ${answer.text}`);
    return answer.body;
  };

  readonly remove = (path: string) => request(this.app.server).delete(path).expect(204);

  /** Creates an event and returns its id. */
  readonly open = async (places: number | object, more: object = {}): Promise<string> => {
    const sized = typeof places === 'number' ? { totalTickets: places } : places;
    return (await this.post('/v1/events', { name: 'First night', ...sized, ...more })).id;
  };

  readonly openSeated = async (perRow: number): Promise<{ eventId: string; seatIds: string[] }> => {
    const sections = [{ name: 'Stalls', seats: { rows: ['A'], perRow } }];
    const eventId = await this.open({ sections });
    const { data } = await this.get(`/v1/events/${eventId}/seats`);
    return { eventId, seatIds: data.map(({ id }: { id: string }) => id) };
  };

  readonly book = (eventId: string, identifier: string, more: object = {}) =>
    this.post('/v1/bookings', { eventId, identifier, ...more });

  readonly hold = async (eventId: string, more: object = {}): Promise<string> =>
    (await this.post('/v1/holds', { eventId, identifier: 'ann', ...more })).id;

  readonly sectionsOf = async (eventId: string): Promise<string[]> =>
    (await this.get(`/v1/events/${eventId}`)).sections.map(({ id }: { id: string }) => id);

  /** The only place is booked by Ann. */
  readonly soldOut = async (more: object = {}): Promise<string> => {
    const eventId = await this.open(1, more);
    await this.book(eventId, 'ann');
    return eventId;
  };

  /** Two places are free, and belong to Bob, who waits for three. */
  readonly twoFreeForBob = async (): Promise<string> => {
    const eventId = await this.open(3);
    await this.book(eventId, 'ann');
    await this.book(eventId, 'bob', { quantity: 3 });
    return eventId;
  };

  /** Waits for the expiry sweeper, so that later commands have nothing to end. */
  private readonly untilNothingIsHeld = (eventId: string) =>
    eventually('the end of all holds', async () => {
      return (await this.get(`/status/${eventId}`)).heldTickets === 0;
    });

  readonly expiredHold = async () => {
    const eventId = await this.open(3);
    const id = await this.hold(eventId, { ttlSeconds: 1 });
    await this.untilNothingIsHeld(eventId);
    return { eventId, path: `/v1/holds/${id}` };
  };

  readonly releasedHold = async () => {
    const eventId = await this.open(3);
    const path = `/v1/holds/${await this.hold(eventId)}`;
    await this.remove(path);
    return { eventId, path };
  };

  readonly confirmedHold = async () => {
    const eventId = await this.open(3);
    const path = `/v1/holds/${await this.hold(eventId)}`;
    await this.post(`${path}/confirm`);
    return { eventId, path };
  };

  /** Bob waits for Ann's place. */
  readonly waitingBob = async (more: object = {}) => {
    const eventId = await this.soldOut(more);
    const { waitingEntry } = await this.book(eventId, 'bob');
    return { eventId, path: `/v1/waitlist/${waitingEntry.id}` };
  };

  /** Ann's place is offered to Bob. */
  readonly offeredBob = async (offerTtlSeconds = 600) => {
    const bob = await this.waitingBob({ waitlist: { mode: 'offer', offerTtlSeconds } });
    await this.post('/cancel', { eventId: bob.eventId, identifier: 'ann' });
    return bob;
  };

  readonly overdueOffer = async () => {
    const bob = await this.offeredBob(1);
    await this.untilNothingIsHeld(bob.eventId);
    return bob;
  };

  readonly bookingOfTwo = async () => {
    const eventId = await this.open(5);
    const { booking } = await this.book(eventId, 'ann', { quantity: 2 });
    const ids = booking.tickets.map(({ id }: { id: string }) => id) as string[];
    return { eventId, booking, ids, path: `/v1/bookings/${booking.id}` };
  };
}
