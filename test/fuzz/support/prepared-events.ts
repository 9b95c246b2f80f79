import type { Api } from '../../kit/index.js';
import { CANARY } from './hostile-values.js';
import { personNamed } from './people.js';
import type { KnownEvents } from './known-events.js';

interface Body {
  readonly id: string;
  readonly sections: readonly { readonly id: string }[];
  readonly data: readonly { readonly id: string }[];
}

/** Prepares events that have something of everything, so that requests meet it. */
export class PreparedEvents {
  private count = 0;

  /** @param organisers an API client for each organiser */
  constructor(
    private readonly organisers: readonly Api[],
    private readonly events: KnownEvents,
  ) {}

  /** Prepares an event, for each organiser in turn: seats, bookings, holds, waitlist, an offer. */
  async prepare(): Promise<void> {
    const owner = this.count % this.organisers.length;
    const mode = this.count % 4 < 2 ? 'offer' : 'auto';
    this.count += 1;
    const api = this.organisers[owner]!;
    const opened = await api.post<Body>('/v1/events', eventWith(mode));
    // Rate limits apply to these requests, too.
    if (opened.status === 429) return;
    if (opened.status !== 201) throw new Error(`Not created: ${JSON.stringify(opened.body)}`);
    const { id: eventId, sections } = opened.body;
    const [stalls, floor] = sections.map(({ id }) => ({ eventId, sectionId: id }));
    const seats = await api.get<Body>(`/v1/events/${eventId}/seats`);
    const seatIds = seats.body.data.map(({ id }) => id);
    const bodies: unknown[] = [seats.body];
    // Fuzzed requests may have found the event in a list and used it up by now, which is fine.
    const send = async (nth: number, path: string, body: object): Promise<void> => {
      bodies.push((await api.post(path, { identifier: personNamed(nth), ...body })).body);
    };
    await send(0, '/v1/bookings', { ...stalls, seatIds: seatIds.slice(0, 6) });
    await send(1, '/v1/holds', { ...stalls, seatIds: seatIds.slice(6, 8) });
    await send(0, '/v1/bookings', { ...floor, quantity: 2 });
    await send(1, '/v1/bookings', { ...floor, quantity: 1 });
    await send(1, '/v1/holds', { ...floor, quantity: 1 });
    for (const nth of [2, 3, 4]) await send(nth, '/v1/bookings', { ...floor, quantity: 1 });
    await send(1, '/cancel', { ...floor, quantity: 1 });
    this.events.addPrepared(owner, { ...opened.body });
    this.events.learn(owner, bodies);
  }
}

const eventWith = (mode: string): object => ({
  name: `Twelfth Night ${CANARY}`,
  sections: [
    { name: 'Stalls', seats: { rows: ['A', 'B', 'C'], perRow: 8 } },
    { name: 'Floor', capacity: 4, price: { amount: 1500, currency: 'EUR' } },
  ],
  waitlist: { mode, offerTtlSeconds: 600 },
});
