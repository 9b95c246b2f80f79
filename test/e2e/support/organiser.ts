import request from 'supertest';
import type { EventResponse, EventStatusResponse } from '../../../src/events/dto/event.dto.js';
import type { TestApp } from '../../kit/app.js';

export const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
export const NOBODYS = '01939c5e-0000-7000-8000-000000000000';

/** Ids that name no event: an unknown UUID, and text that is no UUID. */
export const NO_EVENTS = [NOBODYS, 'nothing'];

/** Sends the requests of an organiser, and of the people who book. */
export class Organiser {
  constructor(private readonly app: TestApp) {}

  post(path: string, body: object = {}, headers: Record<string, string> = {}) {
    return request(this.app.server).post(path).set(headers).send(body);
  }

  patch(eventId: string, body: object, headers: Record<string, string> = {}) {
    return request(this.app.server).patch(`/v1/events/${eventId}`).set(headers).send(body);
  }

  get(path: string, headers: Record<string, string> = {}) {
    return request(this.app.server).get(path).set(headers);
  }

  async open(more: object = {}): Promise<EventResponse> {
    const sizes = 'sections' in more ? {} : { totalTickets: 10 };
    const answer = await this.post('/v1/events', { name: 'Gala', ...sizes, ...more }).expect(201);
    return answer.body as EventResponse;
  }

  async read(eventId: string): Promise<EventResponse> {
    return (await this.get(`/v1/events/${eventId}`).expect(200)).body as EventResponse;
  }

  async status(eventId: string): Promise<EventStatusResponse> {
    return (await this.get(`/status/${eventId}`).expect(200)).body as EventStatusResponse;
  }

  async etag(eventId: string): Promise<string> {
    return (await this.get(`/v1/events/${eventId}`).expect(200)).headers['etag']!;
  }

  book(eventId: string, identifier: string, more: object = {}) {
    return this.post('/book', { eventId, identifier, ...more });
  }
}
