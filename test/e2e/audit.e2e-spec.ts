import request from 'supertest';
import type { AuditResponse, Check } from '../../src/events/dto/audit.dto.js';
import { useApp, useDatabase } from '../kit/index.js';

describe('GET /v1/events/:id/audit', () => {
  const database = useDatabase();
  const app = useApp(database);

  const post = async (path: string, body: object): Promise<{ id: string }> => {
    const answer = await request(app.server).post(path).send(body).expect(201);
    return answer.body as { id: string };
  };

  const audit = async (id: string): Promise<AuditResponse> => {
    const answer = await request(app.server).get(`/v1/events/${id}/audit`).expect(200);
    return answer.body as AuditResponse;
  };

  const disagreeing = ({ sections }: AuditResponse): Check[] =>
    sections.flatMap(({ checks }) => checks.filter(({ agrees }) => !agrees));

  async function busyEvent(): Promise<string> {
    const { id: eventId } = await post('/initialize', { name: 'First night', totalTickets: 3 });
    await post('/book', { eventId, identifier: 'ann', quantity: 2 });
    await post('/book', { eventId, identifier: 'bob', quantity: 2 });
    await request(app.server).post('/cancel').send({ eventId, identifier: 'ann' }).expect(200);
    return eventId;
  }

  it('recounts everything and finds it consistent', async () => {
    const eventId = await busyEvent();
    const answer = await audit(eventId);
    expect(answer).toMatchObject({ eventId, consistent: true });
    const [section] = answer.sections;
    const kept = Object.fromEntries(section!.checks.map((one) => [one.name, one.kept]));
    expect(kept).toEqual({
      capacity: 3,
      booked: 3,
      placesOfBookings: 3,
      bookings: 2,
      held: 0,
      available: 0,
      waiting: 0,
      lastSeq: 1,
      positions: 0,
      expiringHolds: 0,
    });
    expect(disagreeing(answer)).toEqual([]);
  });

  it.each([
    ['waiting', 'UPDATE sections SET waiting = waiting + 1, last_seq = last_seq + 1', -1],
    ['bookings', 'UPDATE sections SET bookings = bookings - 1', 1],
    ['lastSeq', 'UPDATE sections SET last_seq = last_seq - 1', 1],
    ['positions', 'UPDATE waitlist_counts SET waiting = waiting + 1', 1],
  ])('says which counter is wrong: %s', async (name, change, difference) => {
    const eventId = await busyEvent();
    await database.query(`${change} WHERE event_id = ?`, [eventId]);
    const answer = await audit(eventId);
    const back = change.replaceAll(/ ([+-]) 1/g, (_, sign) => ` ${sign === '+' ? '-' : '+'} 1`);
    await database.query(`${back} WHERE event_id = ?`, [eventId]);
    expect(answer.consistent).toBe(false);
    const wrong = disagreeing(answer);
    expect(wrong.map((one) => [one.name, one.counted - one.kept])).toEqual([[name, difference]]);
  });

  it.each(['0190aaaa-0000-7000-8000-000000000000', 'nothing'])(
    'answers 404 for event id %s',
    async (id) => {
      const answer = await request(app.server).get(`/v1/events/${id}/audit`).expect(404);
      expect(answer.body).toMatchObject({ code: 'event_not_found' });
    },
  );
});
