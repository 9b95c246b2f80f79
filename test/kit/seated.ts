import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Api } from './api.js';

/** An event with one section of seats, in the order of its rows. */
export interface SeatedHouse {
  readonly eventId: string;
  readonly sectionId: string;
  readonly seatIds: readonly string[];
}

export interface HousePlan {
  /** Named A, B, C …; at most 26. */
  readonly rows: number;
  readonly perRow: number;
  /** Other fields of the event. */
  readonly more?: object;
}

const FIRST_ROW = 'A'.charCodeAt(0);

/**
 * Creates an event with rows of numbered seats.
 *
 * @param service the server of an application in this process, or the URL of any service
 */
export async function openSeated(
  service: Server | string,
  { rows, perRow, more = {} }: HousePlan,
): Promise<SeatedHouse> {
  const names = Array.from({ length: rows }, (_, nth) => String.fromCharCode(FIRST_ROW + nth));
  const sections = [{ name: 'Stalls', seats: { rows: names, perRow } }];
  const event = { name: 'Opera', sections, ...more };
  const api = new Api(typeof service === 'string' ? service : addressOf(service));
  try {
    const opened = await api.post<OpenedBody>('/v1/events', event);
    if (opened.status !== 201) throw new Error(`openSeated: ${JSON.stringify(opened.body)}`);
    const { id: eventId, sections: made } = opened.body;
    return { eventId, sectionId: made[0]!.id, seatIds: await seatIdsOf(api, eventId) };
  } finally {
    api.close();
  }
}

/** From all pages. */
async function seatIdsOf(api: Api, eventId: string): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? '' : `?cursor=${cursor}`;
    const { body } = await api.get<SeatsBody>(`/v1/events/${eventId}/seats${query}`);
    ids.push(...body.data.map(({ id }) => id));
    cursor = body.nextCursor;
  } while (cursor !== null);
  return ids;
}

interface OpenedBody {
  readonly id: string;
  readonly sections: readonly { readonly id: string }[];
}

interface SeatsBody {
  readonly data: readonly { readonly id: string }[];
  readonly nextCursor: string | null;
}

const addressOf = (server: Server): string =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
