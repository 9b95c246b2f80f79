import type { Server } from 'node:http';
import request from 'supertest';

/** An event with one section of seats; the seats in the order of the house. */
export interface SeatedHouse {
  readonly eventId: string;
  readonly sectionId: string;
  readonly seatIds: readonly string[];
}

export interface HousePlan {
  /** Named A, B, C …: 26 at the most. */
  readonly rows: number;
  readonly perRow: number;
  /** Anything else that an event can be given. */
  readonly more?: object;
}

const FIRST_ROW = 'A'.charCodeAt(0);

/**
 * Opens an event with rows of numbered seats.
 *
 * @param service the server of an application in this process, or the URL of any
 */
export async function openSeated(
  service: Server | string,
  { rows, perRow, more = {} }: HousePlan,
): Promise<SeatedHouse> {
  const names = Array.from({ length: rows }, (_, nth) => String.fromCharCode(FIRST_ROW + nth));
  const sections = [{ name: 'Stalls', seats: { rows: names, perRow } }];
  const event = { name: 'Opera', sections, ...more };
  const opened = await request(service).post('/v1/events').send(event).expect(201);
  const { id: eventId, sections: made } = opened.body;
  const { body } = await request(service).get(`/v1/events/${eventId}/seats`).expect(200);
  const seatIds = body.data.map(({ id }: { id: string }) => id);
  return { eventId, sectionId: made[0].id, seatIds };
}
