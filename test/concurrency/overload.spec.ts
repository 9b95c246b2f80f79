import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, connectTo, ServiceProcess, useDatabase } from '../kit/index.js';
import { eventually } from '../kit/eventually.js';
import { wallClock } from '../setup/intensity.js';

const QUEUE_LIMIT = 20;
const FLOOD = 500;

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe(`a service whose lanes hold ${QUEUE_LIMIT} commands`, () => {
  const database = useDatabase();
  let service: ServiceProcess;

  beforeAll(async () => {
    service = await ServiceProcess.start({
      DATABASE_URL: database.url,
      LANES: '4',
      LANE_QUEUE_LIMIT: String(QUEUE_LIMIT),
    });
  });
  afterAll(() => service.stop());

  const isOverloaded = ({ status, body }: Answer): boolean =>
    status === 503 && body.code === 'overloaded';

  function expectBookedOrRefused(answers: readonly Answer[]): void {
    for (const answer of answers) {
      if (answer.status === 201) continue;
      expect(answer).toMatchObject({ status: 503, body: { code: 'overloaded' } });
      expect(answer.headers).toMatchObject({
        'retry-after': '1',
        'content-type': 'application/problem+json; charset=utf-8',
      });
    }
  }

  async function expectAcknowledgedIsWritten(
    eventId: string,
    answers: readonly Answer[],
  ): Promise<void> {
    const told = answers.flatMap(({ body }) => body.bookingId ?? []);
    const rows = await database.query<{ id: string }>(
      'SELECT id FROM bookings WHERE event_id = ? ORDER BY id',
      [eventId],
    );
    expect(rows.map(({ id }) => id)).toEqual(told.toSorted());
  }

  async function expectFullSpeed(eventId: string): Promise<Answer[]> {
    const answers: Answer[] = [];
    for (const index of range(100)) {
      answers.push(await service.api.book(eventId, `after-${index}@example.org`));
    }
    expect(answers.filter(({ status }) => status !== 201)).toEqual([]);
    return answers;
  }

  const flood = (eventId: string): Promise<Answer>[] =>
    range(FLOOD).map((index) => service.api.book(eventId, `person-${index}@example.org`));

  /** Requests everything that must keep answering, until it is stopped. */
  function watch(eventId: string): () => Promise<number> {
    let isOver = false;
    let looks = 0;
    const watching = (async () => {
      while (!isOver) {
        for (const path of ['/health/live', '/health/ready', '/health', `/status/${eventId}`]) {
          expect((await service.api.send('GET', path)).status).toBe(200);
        }
        looks += 1;
      }
    })();
    return async () => {
      isOver = true;
      await watching;
      return looks;
    };
  }

  it('books or refuses each of 500 requests, keeps answering reads, and recovers', async () => {
    const eventId = await service.api.open(1_000);
    const stop = watch(eventId);
    const answers = await Promise.all(flood(eventId));
    expect(await stop()).toBeGreaterThan(0);
    expectBookedOrRefused(answers);
    await expectAcknowledgedIsWritten(eventId, answers);
    const after = await expectFullSpeed(eventId);
    await expectAcknowledgedIsWritten(eventId, [...answers, ...after]);
  });

  it('refuses at once while queued requests wait for a blocked lane', async () => {
    const eventId = await service.api.open(1_000);
    const holder = await connectTo(database.url);
    await holder.query('START TRANSACTION');
    await holder.query('SELECT 1 FROM sections WHERE event_id = ? FOR UPDATE', [eventId]);

    const early: Answer[] = [];
    const sent = flood(eventId).map(async (answer) => {
      early.push(await answer);
      return answer;
    });
    const stop = watch(eventId);
    // One batch runs, as large as the lane, and another fills the lane: all others are refused.
    const refusedMin = FLOOD - 2 * QUEUE_LIMIT;
    await eventually('the refusals', () => early.length >= refusedMin, wallClock(2_500));
    await sleep(50);
    const refused = [...early];
    expect(await stop()).toBeGreaterThan(0);
    await holder.end();

    expect(refused.every(isOverloaded)).toBe(true);
    expect(refused.length).toBeLessThan(FLOOD - QUEUE_LIMIT);
    const answers = await Promise.all(sent);
    expectBookedOrRefused(answers);
    expect(answers.filter(isOverloaded)).toHaveLength(refused.length);
    await expectAcknowledgedIsWritten(eventId, answers);
    await expectFullSpeed(eventId);
  });

  it('accepts bookings of other events while one event is overloaded', async () => {
    const crowded = await service.api.open(1_000);
    const quiet = await Promise.all(range(12).map(() => service.api.open(10)));
    const holder = await connectTo(database.url);
    await holder.query('START TRANSACTION');
    await holder.query('SELECT 1 FROM sections WHERE event_id = ? FOR UPDATE', [crowded]);
    const answers = flood(crowded);
    let booked = 0;
    const elsewhere = quiet.map(async (eventId) => {
      const answer = await service.api.book(eventId, 'ann');
      if (answer.status === 201) booked += 1;
      return answer;
    });
    // One lane in four is blocked, and twelve events are never all in that one.
    await eventually('bookings elsewhere', () => booked > 0, wallClock(2_500));
    await holder.end();
    expectBookedOrRefused(await Promise.all([...answers, ...elsewhere]));
  });
});
